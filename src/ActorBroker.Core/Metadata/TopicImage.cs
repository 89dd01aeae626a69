using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>One topic and its partitions, in order of their index.</summary>
public sealed record TopicImage(string Name, TopicId Id, ImmutableArray<PartitionImage> Partitions)
{
    /// <summary>Kept by the broker for its own use; clients may read it, not change it.</summary>
    public bool IsInternal => Name is ConsumerOffsets or TransactionState;

    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";

    public int ReplicationFactor => Partitions.Length == 0 ? 0 : Partitions[0].Replicas.Length;
}
