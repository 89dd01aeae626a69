using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>The rules of the strategies that even out the number of shards. Regions count in the order of their paths, shards in
/// that of their ids, so that the same question has the same answer everywhere.</summary>
internal static class LeastShards
{
    public static IActorRef Allocate(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        ByCount(allocations).First().Key;

    /// <summary>Moves shards from the fullest region until it has no more than a threshold above the emptiest.</summary>
    public static IImmutableSet<string> OverThreshold(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations,
        IImmutableSet<string> inProgress, int threshold, int maxSimultaneous)
    {
        if (inProgress.Count >= maxSimultaneous || allocations.Count == 0) return ImmutableHashSet<string>.Empty;
        var least = ByCount(allocations).First().Value.Count;
        var most = ByCount(allocations).Select(r => Staying(r.Value, inProgress)).MaxBy(shards => shards.Length);
        var surplus = most.Length - least - threshold;
        return [.. most.Take(Math.Clamp(surplus, 0, maxSimultaneous - inProgress.Count))];
    }

    /// <summary>Moves what regions have above the even share; if none has, evens out regions that have two less.</summary>
    public static IImmutableSet<string> ToEvenShare(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations,
        IImmutableSet<string> inProgress, int absoluteLimit, double relativeLimit)
    {
        var shards = allocations.Values.Sum(s => s.Count);
        if (shards == 0 || inProgress.Count > 0) return ImmutableHashSet<string>.Empty; // One rebalance at a time.
        var limit = Math.Max(1, Math.Min((int)(relativeLimit * shards), absoluteLimit));
        var share = (shards + allocations.Count - 1) / allocations.Count;
        var regions = ByCount(allocations).Select(r => Staying(r.Value, inProgress)).ToArray();
        var above = regions.SelectMany(r => r.Take(r.Length - share)).ToArray();
        if (above.Length > 0) return [.. above.Take(limit)];
        var missing = regions.Sum(r => Math.Max(0, share - 1 - r.Length));
        return [.. regions.Where(r => r.Length >= share).Select(r => r[0]).Take(Math.Min(missing, limit))];
    }

    private static IEnumerable<KeyValuePair<IActorRef, IImmutableList<string>>> ByCount(
        IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        allocations.OrderBy(r => r.Value.Count).ThenBy(r => r.Key.Path.ToStringWithUid(), StringComparer.Ordinal);

    private static ImmutableArray<string> Staying(IEnumerable<string> shards, IImmutableSet<string> inProgress) =>
        [.. shards.Where(s => !inProgress.Contains(s)).Order(StringComparer.Ordinal)];
}
