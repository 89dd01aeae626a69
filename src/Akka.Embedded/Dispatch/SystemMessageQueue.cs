using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>Lock-free list of system messages: many writers push, the one reader takes all at once, in order.</summary>
internal sealed class SystemMessageQueue
{
    // Newest first. Closed stands at the end of a list that takes no more.
    private static readonly SystemMessage Closed = new Terminate();
    private SystemMessage? _latest;

    public bool HasMessages => Volatile.Read(ref _latest) is { } latest && latest != Closed;

    /// <returns>False: the queue is closed, the message was not taken.</returns>
    public bool TryEnqueue(SystemMessage message)
    {
        while (true)
        {
            var latest = Volatile.Read(ref _latest);
            if (latest == Closed) return false;
            message.Next = latest;
            if (Interlocked.CompareExchange(ref _latest, message, latest) == latest) return true;
        }
    }

    /// <summary>Takes all messages, oldest first, linked by <see cref="SystemMessage.Next"/>.</summary>
    public SystemMessage? TakeAll()
    {
        if (Volatile.Read(ref _latest) is not { } first || first == Closed) return null;
        return Reverse(Interlocked.Exchange(ref _latest, null));
    }

    /// <summary>Takes the rest, oldest first, and refuses all that come later.</summary>
    public SystemMessage? Close()
    {
        var rest = Interlocked.Exchange(ref _latest, Closed);
        return rest == Closed ? null : Reverse(rest);
    }

    private static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }
        return oldest;
    }
}
