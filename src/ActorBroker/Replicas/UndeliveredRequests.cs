using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Event;

namespace ActorBroker.Replicas;

/// <summary>
/// Answers requests to replicas that stopped between being looked up and being told: clients then look for the leader again,
/// where otherwise a connection would wait for ever.
/// </summary>
internal sealed class UndeliveredRequests : ReceiveActor
{
    public UndeliveredRequests()
    {
        Receive<DeadLetter>(letter => ReplicaActor.Refuse(letter.Message, ErrorCode.NotLeaderOrFollower));
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new UndeliveredRequests());
}
