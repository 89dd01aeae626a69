using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller;

/// <summary>Throttles end with the moves that they are for: nobody has to remember them. (Kafka leaves that to
/// kafka-reassign-partitions --verify.)</summary>
internal static class ThrottleRules
{
    private static readonly string[] Lists = [ThrottledReplicas.OfLeaders, ThrottledReplicas.OfFollowers];
    private static readonly string[] Rates = [ThrottledReplicas.LeaderRate, ThrottledReplicas.FollowerRate];

    /// <summary>Adds to a decision what follows where it ends moves: topics no longer name their replicas as throttled, and when
    /// no replica is throttled and nothing is being moved any more, brokers have no rate any more.</summary>
    public static Decision AfterMoves(MetadataImage image, Decision decision)
    {
        var ended = decision.Events.OfType<MetadataEvent.PartitionsChanged>()
            .Select(e => (image.TopicsById.GetValueOrDefault(e.Topic)?.Name, Partitions: Ended(image, e))).ToList();
        if (ended.TrueForAll(e => e.Partitions.Count == 0)) return decision;

        var after = decision.Events.Aggregate(image, (i, e) => i.Apply(e));
        var events = decision.Events.ToBuilder();
        foreach (var (topic, partitions) in ended)
        {
            if (partitions.Count == 0 || after.Topic(topic!) is null) continue;
            var resource = ConfigResource.Topic(topic!);
            Add(resource, Changes(after.ConfigsOf(resource), partitions));
        }
        if (after.Topics.Values.Any(t => t.Partitions.Any(p => p.IsMoving) || IsThrottled(after, t)))
            return decision with { Events = events.DrainToImmutable() };
        foreach (var (resource, configs) in after.Configs.Where(c => c.Key.Type == ConfigResourceType.Broker)
            .OrderBy(c => c.Key.Name, StringComparer.Ordinal))
            Add(resource, Rates.Where(configs.ContainsKey).ToImmutableSortedDictionary(rate => rate, _ => (string?)null));
        return decision with { Events = events.DrainToImmutable() };

        void Add(ConfigResource resource, ImmutableSortedDictionary<string, string?> changes)
        {
            if (changes.IsEmpty) return;
            var change = new MetadataEvent.ConfigChanged(resource, changes);
            after = after.Apply(change);
            events.Add(change);
        }
    }

    private static HashSet<int> Ended(MetadataImage image, MetadataEvent.PartitionsChanged changed)
    {
        var before = image.TopicsById.GetValueOrDefault(changed.Topic)?.Partitions ?? [];
        return [.. changed.Partitions.Where(p => !p.IsMoving && p.Index < before.Length && before[p.Index].IsMoving)
            .Select(p => p.Index)];
    }

    private static ImmutableSortedDictionary<string, string?> Changes(
        ImmutableSortedDictionary<string, string> configs, HashSet<int> ended)
    {
        var changes = ImmutableSortedDictionary.CreateBuilder<string, string?>();
        foreach (var list in Lists)
            if (configs.TryGetValue(list, out var text)
                && ThrottledReplicas.Without(text, ended.Contains) is var left && left != text) changes.Add(list, left);
        return changes.ToImmutable();
    }

    private static bool IsThrottled(MetadataImage image, TopicImage topic)
    {
        var configs = image.ConfigsOf(ConfigResource.Topic(topic.Name));
        return Lists.Any(list => configs.TryGetValue(list, out var text) && text.Length > 0);
    }
}
