using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Where messages of closed mailboxes go.</summary>
public sealed class DeadLetterMailbox(IActorRef deadLetters) : Mailbox(new DeadLetterMessageQueue(deadLetters))
{
    private sealed class DeadLetterMessageQueue(IActorRef deadLetters) : IMessageQueue
    {
        public bool HasMessages => false;
        public int Count => 0;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            // The receiver subscribed to dead letters and has stopped: to publish it again would bring it back here, for ever.
            if (envelope.Message is AllDeadLetters) return;
            var sender = envelope.Sender ?? deadLetters;
            deadLetters.Tell(new DeadLetter(envelope.Message, sender, receiver), sender);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            envelope = default;
            return false;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters) { }
    }
}
