using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Takes one answer and completes a task with it.</summary>
public class FutureActorRef<T> : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result;
    private readonly Lock _gate = new();
    private ActorPath? _path;
    private bool _ended;

    public FutureActorRef(TaskCompletionSource<T> result, ActorPath path, IActorRefProvider provider)
        : this(result, provider) => _path = path;

    internal FutureActorRef(TaskCompletionSource<T> result, IActorRefProvider provider)
    {
        _result = result;
        Provider = provider;
    }

    public override IActorRefProvider Provider { get; }

    // Most answers come by the reference itself, so a name in the tree is only taken when somebody wants to know it.
    public override ActorPath Path
    {
        get
        {
            if (_path is { } known) return known;
            lock (_gate)
            {
                if (_path is not null) return _path;
                var path = Provider.TempPath();
                if (!_ended) Provider.RegisterTempActor(this, path);
                return _path = path;
            }
        }
    }

    public override bool IsTerminated => _result.Task.IsCompleted;

    /// <summary>Sends the question, to be answered here.</summary>
    public virtual void DeliverAsk(object message, ICanTell destination) => destination.Tell(message, this);

    internal void End()
    {
        lock (_gate)
        {
            _ended = true;
            if (_path is not null) Provider.UnregisterTempActor(_path);
        }
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification died:
                Tell(new Terminated(died.Actor, died.ExistenceConfirmed, died.AddressTerminated), ActorRefs.NoSender);
                break;
            case Watch watch when watch.Watchee.Equals(this):
                // Nobody can tell when it ends; it counts as dead once it has its answer.
                if (IsTerminated)
                    watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true,
                        addressTerminated: false));
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var taken = message switch
        {
            Status.Failure failure when typeof(T) != typeof(Status.Failure) && typeof(T) != typeof(Status) =>
                _result.TrySetException(
                    failure.Cause ?? new TaskCanceledException("The actor answered with a failure without a cause.")),
            T answer => _result.TrySetResult(answer),
            _ => _result.TrySetException(new ArgumentException(
                $"Asked for a {typeof(T)}, but the answer is a {message.GetType()}.")),
        };
        if (taken)
        {
            End();
            return;
        }
        var from = sender ?? Provider.DeadLetters;
        Provider.DeadLetters.Tell(new Event.DeadLetter(message, from, this), from);
    }
}
