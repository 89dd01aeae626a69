using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Birth, failure, restart and death. A failed actor suspends itself and its children and tells its parent,
/// which answers with resume, recreate or terminate.</summary>
public partial class ActorCell
{
    private Queue<SystemMessage>? _delayed;
    private IActorRef? _perpetrator; // Who failed: this actor, or the child whose failure it could not handle.
    private Exception? _restartCause;

    private bool IsFailed => _perpetrator is not null;
    protected bool IsNormal => _children.IsNormal;
    protected bool IsTerminating => _children.IsTerminating;

    public void Suspend() => SendSystemMessage(new Suspend());
    public void Resume(Exception causedByFailure) => SendSystemMessage(new Resume(causedByFailure));
    public void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));
    public void Stop() => SendSystemMessage(new Terminate());

    // While this actor waits for children to die, and a failed child's report while this actor is itself suspended,
    // have to wait: they would act on half-changed state.
    private bool ShouldDelay(SystemMessage message) => message switch
    {
        Failed => Mailbox.SuspendCount > 0 || _children.IsWaitingForChildren,
        Recreate or Dispatch.SysMsg.Suspend or Dispatch.SysMsg.Resume => _children.IsWaitingForChildren,
        _ => false,
    };

    private void CreateActor(ActorInitializationException? failure)
    {
        if (failure is not null) throw failure;
        try
        {
            var created = NewActor();
            _actor = created;
            created.AroundPreStart();
            CheckReceiveTimeout();
            PublishLifecycle("Started ({0})", created);
        }
        catch (Exception e)
        {
            if (_actor is not null)
            {
                ReleaseActor(_actor);
                _actor = null; // So that a restart knows that it was never there.
            }
            throw e as ActorInitializationException
                ?? new ActorInitializationException(Self, $"{Props.Type} could not be made: {Root(e).Message}",
                    Root(e));
        }
    }

    private void HandleInvokeFailure(IReadOnlyCollection<IActorRef> childrenNotToSuspend, Exception cause)
    {
        try
        {
            if (IsFailed) return;
            Mailbox.Suspend();
            var failedChild = (_current.Message as Failed)?.Child;
            _perpetrator = failedChild ?? Self;
            SuspendChildren(failedChild is null ? childrenNotToSuspend : [.. childrenNotToSuspend, failedChild]);
            Parent.SendSystemMessage(new Failed(Self, cause, Self.Path.Uid));
        }
        catch (Exception e)
        {
            PublishError(e, $"Stopped, as its failure ({cause.GetType()}: {cause.Message}) could not be reported.");
            try
            {
                foreach (var child in GetChildren()) Stop(child);
            }
            finally
            {
                FinishTerminate();
            }
        }
    }

    private void FaultSuspend()
    {
        Mailbox.Suspend();
        SuspendChildren([]);
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            // It failed while being created: resuming it means trying again.
            FaultCreate();
            return;
        }
        if (_actor.IsReleased && causedByFailure is not null)
        {
            // The restart failed half-way: there is nothing left to resume.
            FaultRecreate(causedByFailure);
            return;
        }
        var perpetrator = _perpetrator;
        Mailbox.Resume();
        if (causedByFailure is not null)
        {
            _perpetrator = null;
            if (!Mailbox.IsAwaiting) _current = default;
        }
        ResumeChildren(causedByFailure, perpetrator);
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        if (!IsNormal)
        {
            FaultResume(null); // On its way out: only keep the count of suspensions right.
            return;
        }
        var failed = _actor;
        PublishLifecycle("Restarting", failed);
        try
        {
            // After a restart that failed half-way the old incarnation has had its hooks already.
            if (!failed.IsReleased) failed.AroundPreRestart(cause, _current.Message is Failed ? null! : _current.Message!);
        }
        catch (Exception e)
        {
            PublishError(e, new PreRestartException(Self, e, cause, _current.Message).Message);
        }
        finally
        {
            ReleaseActor(failed);
            _current = default;
        }
        _restartCause = cause;
        if (!_children.WaitFor(ChildTable.Waiting.Recreation)) FinishRecreate(cause);
    }

    private void FinishRecreate(Exception cause)
    {
        _restartCause = null;
        // Those that PreRestart let live are restarted too.
        var survivors = GetChildren().ToArray();
        try
        {
            Mailbox.Resume();
            _perpetrator = null;
            var fresh = NewActor();
            _actor = fresh;
            fresh.AroundPostRestart(cause, null!);
            CheckReceiveTimeout();
            PublishLifecycle("Restarted", fresh);
            foreach (var child in survivors) child.Restart(cause);
        }
        catch (Exception e)
        {
            if (_actor is not null) ReleaseActor(_actor);
            HandleInvokeFailure(survivors, new PostRestartException(Self, Root(e), cause));
        }
    }

    private void FaultCreate()
    {
        CancelReceiveTimeout();
        foreach (var child in GetChildren()) Stop(child);
        if (!_children.WaitFor(ChildTable.Waiting.Creation)) FinishCreate();
    }

    private void FinishCreate()
    {
        Mailbox.Resume();
        _perpetrator = null;
        try
        {
            CreateActor(null);
        }
        catch (Exception e)
        {
            HandleInvokeFailure([], e);
        }
    }

    private void TerminateSelf()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        UnwatchWatchedActors();
        _children.Close(); // Other threads may make children of guardians.
        foreach (var child in GetChildren()) Stop(child);
        var wasTerminating = IsTerminating;
        if (_children.WaitFor(ChildTable.Waiting.Termination))
        {
            if (wasTerminating) return;
            // No more ordinary messages; a failure from now on is nobody's concern.
            Mailbox.Suspend();
            _perpetrator = Self;
            return;
        }
        _children.SetTerminated();
        FinishTerminate();
    }

    private void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            // While it waited for its children to restart, PreRestart has been called, and with it PostStop.
            if (actor is { IsReleased: false }) actor.AroundPostStop();
        }
        catch (Exception e)
        {
            PublishError(e, e.Message);
        }
        if (actor is not null)
        {
            PublishLifecycle("Stopped", actor);
            ReleaseActor(actor); // While the mailbox still takes back what was stashed.
        }
        try
        {
            Dispatcher.Detach(this);
        }
        finally
        {
            Parent.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true, addressTerminated: false));
            TellWatchersWeDied();
            UnwatchWatchedActors();
            _actor = null;
            _current = default;
            _behavior.Clear();
        }
    }

    /// <summary>The end of an incarnation: stash and timers are given up, the producer may take the actor back.</summary>
    private void ReleaseActor(ActorBase actor)
    {
        if (actor.IsReleased) return;
        try
        {
            SystemImpl.ActorPipelineResolver.Released(actor, this);
            Props.Release(actor);
        }
        catch (Exception e)
        {
            PublishError(e, $"Could not be given up cleanly: {e.Message}");
        }
        finally
        {
            (actor as IDisposable)?.Dispose();
            actor.ReleaseFrom(Self);
        }
    }

    private static Exception Root(Exception e) =>
        e is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : e;

    private void PublishError(Exception cause, string message) =>
        SystemImpl.EventStream.Publish(new Error(cause, Self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), message));

    private void PublishLifecycle(string what, ActorBase actor)
    {
        if (SystemImpl.Settings.DebugLifecycle)
            SystemImpl.EventStream.Publish(new Debug(Self.Path.ToString(), actor.GetType(), string.Format(null, what, actor)));
    }
}
