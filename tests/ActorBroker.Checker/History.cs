using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>
/// All that clients did and saw, and what the cluster had in the end: when all faults were healed, and nobody wrote.
/// </summary>
/// <param name="Produced">In the order of sending, at least for each key. No two have the same value.</param>
/// <param name="Consumed">In the order in which consumers got them.</param>
/// <param name="Commits">In any order: their times say what came before what.</param>
/// <param name="Logs">Of all replicas of the partitions that are looked at.</param>
/// <param name="InSync">Of all partitions, at the end.</param>
public sealed record History(
    ImmutableArray<ProduceAttempt> Produced,
    ImmutableArray<ConsumedRecord> Consumed,
    ImmutableArray<OffsetEvent> Commits,
    ImmutableArray<ReplicaLog> Logs,
    ImmutableArray<InSyncReplicas> InSync)
{
    public static readonly History Empty = new([], [], [], [], []);

    /// <summary>Who was said to lead, by whomever and whenever, each once.</summary>
    public ImmutableHashSet<LeaderSeen> Leaders { get; init; } = [];

    /// <summary>What leaders told of where a partition ends for consumers.</summary>
    public ImmutableArray<EndSeen> Ends { get; init; } = [];

    /// <summary>What groups' leaders sent for their members, whether the group took it or not.</summary>
    public ImmutableArray<PlannedAssignment> Planned { get; init; } = [];

    /// <summary>What members were told to read.</summary>
    public ImmutableArray<ToldAssignment> Told { get; init; } = [];

    /// <summary>Groups that must have consumed all that was acknowledged.</summary>
    public ImmutableArray<Subscription> Complete { get; init; } = [];
}

/// <summary>A group consumes all partitions of a topic.</summary>
public sealed record Subscription(string Group, string Topic);

/// <summary>How the leader of a group divides partitions in a generation.</summary>
/// <param name="Members">Each member's partitions, by its instance id or, where it has none, its member id.</param>
public sealed record PlannedAssignment(
    string Group, int Generation, ImmutableDictionary<string, ImmutableArray<TopicPartition>> Members);

/// <summary>What a member was told to read in a generation.</summary>
public sealed record ToldAssignment(string Group, int Generation, string Member, ImmutableArray<TopicPartition> Partitions);

/// <summary>A broker led a partition in an epoch, as metadata said.</summary>
public sealed record LeaderSeen(TopicPartition Partition, Epoch Epoch, BrokerId Leader);

/// <summary>A leader's answer to the question for the high watermark.</summary>
/// <param name="Epoch">Of the leader.</param>
/// <param name="StartedNs">When it was asked, on the clock of <see cref="OffsetEvent"/>.</param>
/// <param name="EndedNs">When it had answered.</param>
public sealed record EndSeen(TopicPartition Partition, Offset Offset, Epoch Epoch, long StartedNs, long EndedNs);

/// <summary>A record that a producer sent.</summary>
/// <param name="Key">One producer's only, and always in the same partition: order is promised for such keys.</param>
/// <param name="IsIdempotent">The producer may not write it twice, however often it had to send it.</param>
/// <param name="Acknowledged">What the cluster answered with acks=all; null: it refused, or never answered, and both outcomes are
/// right.</param>
public sealed record ProduceAttempt(string Key, string Value, bool IsIdempotent, Acknowledgement? Acknowledged);

/// <param name="Offset">None where the broker knew only that it has the record already.</param>
public sealed record Acknowledgement(TopicPartition Partition, Offset Offset);

/// <summary>A record that a member of a group got.</summary>
public sealed record ConsumedRecord(string Group, TopicPartition Partition, Offset Offset, string? Value);

/// <summary>A group's offset, as a commit that was acknowledged or as the answer to a question for it.</summary>
/// <param name="StartedNs">When the client asked, on a clock that all clients share.</param>
/// <param name="EndedNs">When it had the answer.</param>
public sealed record OffsetEvent(string Group, TopicPartition Partition, Offset Offset, long StartedNs, long EndedNs);

/// <summary>What one replica has on its disk.</summary>
/// <param name="HighWatermark">As it has written it down: what is below has been shown to consumers.</param>
/// <param name="Start">The first offset that it should have: what is before was deleted by retention.</param>
public sealed record ReplicaLog(
    BrokerId Broker, TopicPartition Partition, Offset Start, Offset HighWatermark, ImmutableArray<LoggedRecord> Records)
{
    /// <summary>The offset behind the last record.</summary>
    public Offset End => Records.IsEmpty ? Start : Records[^1].Offset + 1;
}

/// <param name="IsControl">A transaction's marker, which has no value.</param>
public readonly record struct LoggedRecord(Offset Offset, Epoch Epoch, string? Key, string? Value, bool IsControl = false);

public sealed record InSyncReplicas(TopicPartition Partition, ImmutableArray<BrokerId> Replicas, ImmutableArray<BrokerId> InSync);
