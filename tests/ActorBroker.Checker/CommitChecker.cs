using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>
/// A group's offset never goes back: whoever asks after a commit was acknowledged gets that offset or a later one, and a commit
/// that starts then is of a later one, or is refused. What overlaps in time may come in either order.
/// </summary>
internal static class CommitChecker
{
    public static IEnumerable<Anomaly> Check(ImmutableArray<OffsetEvent> events) =>
        events.GroupBy(e => (e.Group, e.Partition)).SelectMany(InOne);

    private static IEnumerable<Anomaly> InOne(IEnumerable<OffsetEvent> events)
    {
        var byEnd = events.OrderBy(e => e.EndedNs).ToList();
        var (ended, highest) = (0, Offset.None);
        foreach (var later in byEnd.OrderBy(e => e.StartedNs))
        {
            for (; ended < byEnd.Count && byEnd[ended].EndedNs < later.StartedNs; ended++)
                highest = Offset.Max(highest, byEnd[ended].Offset);
            if (later.Offset < highest) yield return new CommitWentBack(later.Group, later.Partition, highest, later.Offset);
        }
    }
}
