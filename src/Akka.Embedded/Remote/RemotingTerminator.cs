using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote;

/// <summary>Keeps the system from ending before remoting has said goodbye.</summary>
/// <remarks>Who starts it registers it: it may itself come to run only when the system is ending already.</remarks>
internal sealed class RemotingTerminator : UntypedActor
{
    private readonly Remoting _remoting;

    public RemotingTerminator(Remoting remoting) => _remoting = remoting;

    public static Props Props(Remoting remoting) => Akka.Actor.Props.CreateBy(new Producer(remoting));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TerminationHook:
                var self = Self;
                _remoting.Shutdown(() => self.Tell(RemotingDown.Instance, ActorRefs.NoSender));
                break;
            case RemotingDown:
                ((ExtendedActorSystem)Context.System).SystemGuardian.Tell(TerminationHookDone.Instance, Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed class RemotingDown : INoSerializationVerificationNeeded
    {
        public static readonly RemotingDown Instance = new();
    }

    private sealed class Producer(Remoting remoting) : IIndirectActorProducer
    {
        public Type ActorType => typeof(RemotingTerminator);
        public ActorBase Produce() => new RemotingTerminator(remoting);
        public void Release(ActorBase actor) { }
    }
}
