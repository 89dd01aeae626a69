using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>Lets at most <c>max-concurrent-recoveries</c> actors recover at once, in the order in which they asked.</summary>
internal sealed class RecoveryPermitter(int maxPermits) : UntypedActor
{
    private readonly Queue<IActorRef> _waiting = new();
    private readonly HashSet<IActorRef> _holders = [];

    public static Props Props(int maxPermits) => Actor.Props.Create(() => new RecoveryPermitter(maxPermits));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Context.Watch(Sender);
                if (_holders.Count < maxPermits) Grant(Sender);
                else _waiting.Enqueue(Sender);
                break;
            case ReturnRecoveryPermit:
                Context.Unwatch(Sender);
                Return(Sender);
                break;
            case Terminated terminated:
                Return(terminated.ActorRef);
                break;
        }
    }

    private void Grant(IActorRef actor)
    {
        _holders.Add(actor);
        actor.Tell(RecoveryPermitGranted.Instance, Self);
    }

    private void Return(IActorRef actor)
    {
        if (_holders.Remove(actor))
        {
            if (_waiting.TryDequeue(out var next)) Grant(next);
            return;
        }

        // It stopped while it waited.
        for (var left = _waiting.Count; left > 0; left--)
        {
            var waiting = _waiting.Dequeue();
            if (!waiting.Equals(actor)) _waiting.Enqueue(waiting);
        }
    }

    internal sealed class RequestRecoveryPermit
    {
        public static readonly RequestRecoveryPermit Instance = new();
    }

    internal sealed class RecoveryPermitGranted
    {
        public static readonly RecoveryPermitGranted Instance = new();
    }

    /// <summary>A recovery ended. Suppressed as a dead letter: the system may be stopping.</summary>
    internal sealed class ReturnRecoveryPermit : IDeadLetterSuppression
    {
        public static readonly ReturnRecoveryPermit Instance = new();
    }
}
