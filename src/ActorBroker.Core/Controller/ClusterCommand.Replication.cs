using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What is asked about replicas and leaders.</summary>
public abstract partial record ClusterCommand
{
    /// <summary>A leader proposes other in-sync sets (AlterPartition).</summary>
    public sealed record AlterPartition(BrokerId Broker, long BrokerEpoch, ImmutableArray<IsrChange> Partitions) : ClusterCommand
    {
        /// <param name="Error">Of the whole request; then there are no partitions.</param>
        public sealed record Answer(ErrorCode Error, ImmutableArray<IsrResult> Partitions) : ClusterAnswer;
    }

    /// <summary>A broker says which of its replicas it can't serve, as their storage failed, and which it can again. (Kafka's
    /// brokers name the directory in a heartbeat, KIP-858; here the broker knows what lies there, and the controller need
    /// not.)</summary>
    public sealed record ReportReplicas(BrokerId Broker, long BrokerEpoch, ImmutableArray<ReplicaStorage> Replicas) : ClusterCommand
    {
        public sealed record Answer(ErrorCode Error) : ClusterAnswer;
    }

    /// <param name="Partitions">Default: all; then only those that changed or failed are answered.</param>
    public sealed record ElectLeaders(ElectionType Type, ImmutableArray<TopicPartition> Partitions = default) : ClusterCommand
    {
        public sealed record Answer(ImmutableArray<PartitionResult> Partitions) : ClusterAnswer;
    }

    /// <summary>Moves replicas (AlterPartitionReassignments): each starts at once and is done when those that are added are in
    /// sync.</summary>
    public sealed record AlterReassignments(
        ImmutableArray<Reassignment> Partitions, bool AllowReplicationFactorChange = true) : ClusterCommand
    {
        public sealed record Answer(ImmutableArray<PartitionResult> Partitions) : ClusterAnswer;
    }
}

/// <summary>The in-sync set that a leader wants, given what it knew.</summary>
public sealed record IsrChange(
    TopicId Topic, int Partition, Epoch LeaderEpoch, int PartitionEpoch, ImmutableArray<InSyncReplica> Isr);

/// <param name="Now">The partition as it is now; null if there is none.</param>
public sealed record IsrResult(TopicId Topic, int Partition, ErrorCode Error, PartitionImage? Now);

/// <summary>What became of the storage of one replica.</summary>
public readonly record struct ReplicaStorage(TopicId Topic, int Partition, bool IsOffline);

public sealed record PartitionResult(TopicPartition Partition, Verdict Verdict);

/// <param name="Replicas">The first one is the preferred leader. Default: call off the move that is under way.</param>
public sealed record Reassignment(TopicPartition Partition, ImmutableArray<BrokerId> Replicas);

public enum ElectionType : byte
{
    /// <summary>The first replica, if it is in sync.</summary>
    Preferred,

    /// <summary>Any replica that is there, for a partition without a leader, whatever it lacks.</summary>
    Unclean,
}
