using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

public partial class ActorCell
{
    private readonly ChildTable _children = new();
    private long _generatedNames = -1;

    public virtual IActorRef ActorOf(Props props, string? name = null) => MakeChild(props, name, isSystemService: false);

    /// <summary>Adds a child from outside of the actor: what <see cref="ActorSystem.ActorOf"/> does to its guardian.</summary>
    public virtual IActorRef AttachChild(Props props, bool isSystemService, string? name = null) =>
        MakeChild(props, name, isSystemService);

    public IEnumerable<IInternalActorRef> GetChildren() => _children.All();
    IEnumerable<IActorRef> IActorContext.GetChildren() => _children.All();

    /// <summary>The child of that name; <see cref="Nobody"/> if there is none.</summary>
    IActorRef IActorContext.Child(string name) => _children.Find(name)?.Child ?? (IActorRef)ActorRefs.Nobody;

    public IInternalActorRef GetChildByName(string name) => _children.Find(name)?.Child ?? Nobody.Instance;

    /// <summary>The child of that name, of that incarnation if the name ends with #uid.</summary>
    public IInternalActorRef GetSingleChild(string name)
    {
        var (plain, uid) = ActorNames.SplitUid(name);
        return _children.Find(plain) is { } stats && (uid == UndefinedUid || uid == stats.Uid) ? stats.Child : Nobody.Instance;
    }

    public void Stop(IActorRef child)
    {
        _children.ShallDie(child);
        child.AsInternal().Stop();
    }

    private IActorRef MakeChild(Props props, string? name, bool isSystemService)
    {
        name = name is null ? ActorNames.Generated(Interlocked.Increment(ref _generatedNames)) : ActorNames.Check(name);
        _children.Reserve(name);
        try
        {
            var path = new ChildActorPath(Self.Path, name, ActorNames.NewUid(SystemImpl.Random));
            var child = SystemImpl.Provider.ActorOf(SystemImpl, props, (IInternalActorRef)Self, path, isSystemService,
                props.Deploy, lookupDeploy: true, async: false);
            // A child made by a failed actor starts as suspended as its parent is.
            if (Mailbox is { } mailbox && IsFailed)
                for (var i = mailbox.SuspendCount; i > 0; i--) child.Suspend();
            _children.Add(child);
            child.Start();
            return child;
        }
        catch
        {
            _children.Unreserve(name);
            throw;
        }
    }

    private void HandleSupervise(IActorRef child) => _children.Add(child.AsInternal());

    private void HandleChildTerminated(IActorRef child)
    {
        var finished = _children.Remove(child);
        _actor?.SupervisorStrategyInternal.HandleChildTerminated(this, child, OtherChildren());
        switch (finished)
        {
            case ChildTable.Waiting.Recreation: FinishRecreate(_restartCause!); break;
            case ChildTable.Waiting.Creation: FinishCreate(); break;
            case ChildTable.Waiting.Termination: FinishTerminate(); break;
        }
    }

    // Only looked at by those who want it: the end of many children must not copy the list of all others for each.
    private IEnumerable<IInternalActorRef> OtherChildren()
    {
        foreach (var child in _children.All()) yield return child;
    }

    private void SuspendChildren(IReadOnlyCollection<IActorRef> except)
    {
        foreach (var child in _children.All())
            if (!except.Contains(child)) child.Suspend();
    }

    private void ResumeChildren(Exception? causedByFailure, IActorRef? perpetrator)
    {
        foreach (var child in _children.All())
            child.Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }

    private void HandleFailed(Failed failed)
    {
        var stats = _children.Find(failed.Child);
        // A failure of an earlier incarnation, or of an actor that is no child any more, has nothing to say.
        if (stats is null || stats.Uid != failed.Uid) return;
        var inHand = _current;
        _current = new Envelope(failed, failed.Child);
        var strategy = _actor?.SupervisorStrategyInternal ?? SupervisorStrategy.DefaultStrategy;
        if (!strategy.HandleFailure(this, failed.Child, failed.Cause, stats, _children.Stats())) Rethrow(failed.Cause);
        _current = inHand;
    }
}
