using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups.Assignors;

/// <summary>
/// Divides the partitions of topics among the members of one group. Pure: the same input gives the same answer.
/// </summary>
public interface IAssignor
{
    /// <summary>Kafka's name for it, as in <c>partition.assignment.strategy</c>.</summary>
    string Name { get; }

    /// <param name="partitions">Number of partitions of each topic that exists; a subscribed topic that is not in it
    /// gets nobody.</param>
    /// <param name="members">Every member once.</param>
    /// <returns>Each member's partitions, an empty list where there are none. No partition is given twice.</returns>
    IReadOnlyDictionary<string, List<TopicPartition>> Assign(
        IReadOnlyDictionary<string, int> partitions, IReadOnlyCollection<MemberSubscription> members);
}

/// <summary>What one member wants, and what it had.</summary>
/// <param name="InstanceId">Of a static member (KIP-345).</param>
/// <param name="Owned">Partitions of its last assignment, for assignors that keep them.</param>
/// <param name="OwnedGeneration">The generation that gave it those; of two claims the later one counts. -1: unknown.</param>
public sealed record MemberSubscription(
    string MemberId, string? InstanceId, IReadOnlyCollection<string> Topics, IReadOnlyCollection<TopicPartition> Owned,
    int OwnedGeneration = -1)
{
    /// <summary>Kafka's order: static members first, by instance, then the others by member id.</summary>
    internal static int Compare(MemberSubscription a, MemberSubscription b) => (a.InstanceId, b.InstanceId) switch
    {
        ({ } left, { } right) => string.CompareOrdinal(left, right),
        ({ }, null) => -1,
        (null, { }) => 1,
        _ => string.CompareOrdinal(a.MemberId, b.MemberId),
    };

    internal static List<MemberSubscription> InOrder(IEnumerable<MemberSubscription> members)
    {
        var sorted = members.ToList();
        sorted.Sort(Compare);
        return sorted;
    }
}
