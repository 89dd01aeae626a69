using System.Globalization;
using ActorBroker.Core.Configs;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>The configs that say which replicas of a topic are throttled (KIP-73): nothing, <c>*</c> for all, or pairs
/// <c>PARTITION:BROKER</c> with commas between.</summary>
public static class ThrottledReplicas
{
    public const string OfLeaders = "leader.replication.throttled.replicas";
    public const string OfFollowers = "follower.replication.throttled.replicas";
    public const string LeaderRate = "leader.replication.throttled.rate";
    public const string FollowerRate = "follower.replication.throttled.rate";
    public const string All = "*";

    public static bool Contain(string? list, int partition, BrokerId broker)
    {
        if (string.IsNullOrEmpty(list)) return false;
        return list.Trim() == All || ConfigRule.Elements(list).Contains(Pair(partition, broker), StringComparer.Ordinal);
    }

    public static string Pair(int partition, BrokerId broker) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}:{broker.Value}");

    /// <summary>The list without what it says of these partitions; null: nothing else stands in it.</summary>
    public static string? Without(string list, Func<int, bool> partitions)
    {
        if (list.Trim() == All) return list;
        var left = ConfigRule.Elements(list).Where(pair => !partitions(PartitionOf(pair))).ToArray();
        return left.Length == 0 ? null : string.Join(',', left);
    }

    internal static bool IsPair(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int PartitionOf(string pair) =>
        int.Parse(pair.AsSpan(0, pair.IndexOf(':', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);
}
