using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

internal static class MessageQueueExtensions
{
    /// <summary>Empties <paramref name="queue"/> into <paramref name="deadletters"/>.</summary>
    public static void MoveTo(this IMessageQueue queue, IActorRef owner, IMessageQueue deadletters)
    {
        while (queue.TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }
}
