using ActorBroker.Core.Metadata;
using ActorBroker.Journal;
using ActorBroker.Journal.Epochs;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Replicas;

/// <summary>
/// What a replica's actor hears, besides <see cref="AppendRequest"/> and <see cref="ReadRequest"/>, and what it says.
/// </summary>
internal static class Replica
{
    /// <summary>Be this replica: opens the log where it is not open, takes the role and the configuration. The first message to a
    /// replica. The sender hears <see cref="Assigned"/>.</summary>
    public sealed record Assign(
        TopicPartition Partition, TopicId Topic, PartitionImage Image, LogConfig Log, TopicRecordRules Rules, int MinInSync)
    {
        public ReplicaThrottle Throttle { get; init; }

        public ReplicaId Id => new(Topic, Partition.Partition);
    }

    /// <summary>The answer to <see cref="Assign"/>, when the log is open and the role taken, or the disk has failed.</summary>
    public sealed record Assigned(ReplicaId Replica);

    /// <summary>Retention, flushes that are due, producers to forget.</summary>
    public sealed record Maintain
    {
        public static readonly Maintain Instance = new();
    }

    /// <summary>Something failed that may be the disk's fault.</summary>
    public sealed record StorageFailed(Exception Cause);

    /// <summary>A leader looks which followers are in sync.</summary>
    public sealed record CheckInSync
    {
        public static readonly CheckInSync Instance = new();
    }

    /// <summary>Where does a timestamp's first record lie? Answered by <see cref="OffsetFound"/>.</summary>
    /// <param name="Timestamp">Milliseconds, or one of ListOffsets' negative numbers.</param>
    public sealed record FindOffset(long Timestamp, Epoch KnownEpoch, bool OnlyCommitted);

    public sealed record OffsetFound(ErrorCode Error, Offset Offset, long TimestampMs, Epoch Epoch)
    {
        public static OffsetFound Refused(ErrorCode error) => new(error, Offset.None, -1, Epoch.None);
    }

    /// <summary>Where do an epoch's records end? Answered by <see cref="EpochEndFound"/>.</summary>
    public sealed record FindEpochEnd(Epoch Epoch, Epoch KnownEpoch);

    public sealed record EpochEndFound(ErrorCode Error, EpochEnd End);

    /// <summary>
    /// Let records before <paramref name="Before"/> go; none: all that are committed. Answered by <see cref="RecordsDeleted"/>.
    /// </summary>
    public sealed record DeleteRecords(Offset Before);

    public sealed record RecordsDeleted(ErrorCode Error, Offset LogStart);

    /// <summary>The broker is out of touch; see <see cref="Core.Replication.ReplicaState.SendAway"/>.</summary>
    public sealed record SendAway
    {
        public static readonly SendAway Instance = new();
    }

    /// <summary>Close the log and stop; the sender hears <see cref="Stopped"/>.</summary>
    /// <param name="Delete">The partition is gone: its files too.</param>
    public sealed record Stop(ReplicaId Replica, bool Delete);

    public sealed record Stopped(ReplicaId Replica);
}

/// <summary>Name of one replica's actor.</summary>
internal readonly record struct ReplicaId(TopicId Topic, int Partition)
{
    /// <summary>What cluster sharding calls the entity.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Topic}-{Partition}");
}
