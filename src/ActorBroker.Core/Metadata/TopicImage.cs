using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>Who keeps one partition.</summary>
/// <param name="Replicas">All assigned replicas (AR), the preferred leader first.</param>
/// <param name="Isr">Replicas in sync.</param>
/// <param name="Leader"><see cref="BrokerId.None"/> when no replica may lead.</param>
/// <param name="PartitionEpoch">Grows with every change of this record.</param>
public sealed record PartitionImage(
    int Index, ImmutableArray<BrokerId> Replicas, ImmutableArray<BrokerId> Isr, BrokerId Leader, Epoch LeaderEpoch,
    int PartitionEpoch)
{
    /// <summary>A new partition: everyone is in sync, as there is nothing to copy; the first replica leads.</summary>
    public static PartitionImage New(int index, ImmutableArray<BrokerId> replicas) =>
        new(index, replicas, replicas, replicas[0], Epoch.Zero, 0);
}

/// <summary>One topic and its partitions, in order of their index.</summary>
public sealed record TopicImage(string Name, TopicId Id, ImmutableArray<PartitionImage> Partitions)
{
    /// <summary>Kept by the broker for its own use; clients may read it, not change it.</summary>
    public bool IsInternal => Name is ConsumerOffsets or TransactionState;

    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";

    public int ReplicationFactor => Partitions.Length == 0 ? 0 : Partitions[0].Replicas.Length;
}
