using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Event;

/// <summary>Cells that watch actors of other systems, or are watched by them. They are told when a system is gone for good: its
/// actors can tell nobody any more. Safe for any thread.</summary>
internal sealed class AddressTerminatedTopic
{
    private readonly HashSet<ActorCell> _cells = [];

    public void Subscribe(ActorCell cell)
    {
        lock (_cells) _cells.Add(cell);
    }

    public void Unsubscribe(ActorCell cell)
    {
        lock (_cells) _cells.Remove(cell);
    }

    public void Publish(Address address)
    {
        ActorCell[] cells;
        lock (_cells) cells = [.. _cells];
        // One order for all runs: cells may have subscribed from any thread.
        Array.Sort(cells, static (a, b) => a.Self.CompareTo(b.Self));
        foreach (var cell in cells) cell.SendSystemMessage(new AddressTerminated(address));
    }
}
