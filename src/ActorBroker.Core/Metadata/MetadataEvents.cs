using System.Collections.Immutable;

namespace ActorBroker.Core.Metadata;

/// <summary>Cuts long lists of events into messages, since a frame between brokers has a limit. An event is never cut.</summary>
public static class MetadataEvents
{
    /// <summary>Events and partitions of one message; some 100 bytes each.</summary>
    private const int MaxWeight = 5000;

    /// <summary>At least one part, which may be empty.</summary>
    public static ImmutableArray<ImmutableArray<MetadataEvent>> Cut(ImmutableArray<MetadataEvent> events)
    {
        var parts = ImmutableArray.CreateBuilder<ImmutableArray<MetadataEvent>>();
        var (start, weight) = (0, 0);
        for (var i = 0; i < events.Length; i++)
        {
            var next = WeightOf(events[i]);
            if (weight + next > MaxWeight && i > start)
            {
                parts.Add(events[start..i]);
                (start, weight) = (i, 0);
            }
            weight += next;
        }
        parts.Add(events[start..]);
        return parts.DrainToImmutable();
    }

    private static int WeightOf(MetadataEvent change) => 1 + change switch
    {
        MetadataEvent.TopicCreated e => e.Topic.Partitions.Length,
        MetadataEvent.PartitionsAdded e => e.Partitions.Length,
        MetadataEvent.PartitionsChanged e => e.Partitions.Length,
        MetadataEvent.ConfigChanged e => e.Changes.Count,
        _ => 0,
    };
}
