using Akka.Actor;
using Akka.Remote.Outbound;
using Akka.Remote.Wire;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>User messages: from whoever tells into the queue, without the association's lock.</summary>
internal sealed partial class Association
{
    private readonly OccasionalLog _full;

    /// <summary>Queues a message whose frame is <paramref name="header"/> and <paramref name="payload"/>.</summary>
    /// <returns>False: this association has been forgotten; take a new one.</returns>
    public bool Send(scoped in EnvelopeWriter header, byte[] payload, object message, IActorRef? sender, RemoteActorRef recipient)
    {
        QueueVerdict verdict;
        object? taker;
        if (IsUrgent(message))
        {
            var frame = new byte[header.FrameLength];
            header.WriteHeader(frame);
            payload.CopyTo(frame, header.HeaderLength);
            verdict = Queue.AddPriority(frame, out taker);
        }
        else
        {
            verdict = Queue.Add(header, payload, out taker);
        }
        if (verdict == QueueVerdict.Added)
        {
            if (taker is LinkWriter writer) writer.Kick();
            else Step(Wanted.Instance);
            return true;
        }
        if (verdict == QueueVerdict.Forgotten) return false;
        if (verdict == QueueVerdict.Full)
            _full.Warning("Messages to [{0}] are dead letters: more than {1} bytes wait for it"
                + " (akka.remote.outbound-queue-bytes)", Remote, _remoting.Settings.OutboundQueueBytes);
        _remoting.Bury(message, sender, recipient);
        return true;
    }

    private static bool IsUrgent(object message) =>
        message is IPriorityMessage or ActorSelectionMessage { Message: IPriorityMessage };
}
