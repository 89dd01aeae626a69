using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>A promise that was not kept.</summary>
public abstract record Anomaly;

/// <summary>
/// A record was acknowledged, and this replica does not have it: nowhere, or not where the acknowledgement said.
/// </summary>
public sealed record AcknowledgedMissing(BrokerId Broker, TopicPartition Partition, Offset Offset, string Value) : Anomaly;

/// <summary>An idempotent producer's record is in the log twice.</summary>
public sealed record Duplicate(BrokerId Broker, TopicPartition Partition, string Value, Offset First, Offset Second) : Anomaly;

/// <summary>Two records of a key lie in another order than they were sent.</summary>
public sealed record OrderBroken(
    BrokerId Broker, TopicPartition Partition, string Key, string SentFirst, string SentLater) : Anomaly;

/// <summary>A record is in a log that nobody has sent.</summary>
public sealed record NeverSent(BrokerId Broker, TopicPartition Partition, Offset Offset, string? Value) : Anomaly;

/// <summary>A log has a hole, or an offset twice.</summary>
public sealed record NotDense(BrokerId Broker, TopicPartition Partition, Offset Expected, Offset Found) : Anomaly;

/// <summary>A record has a lower leader epoch than the one before it.</summary>
public sealed record EpochWentBack(BrokerId Broker, TopicPartition Partition, Offset Offset) : Anomaly;

/// <summary>Two replicas have different records at an offset that was shown to consumers.</summary>
public sealed record Diverged(TopicPartition Partition, Offset Offset, BrokerId One, BrokerId Other) : Anomaly;

/// <summary>A replica that is in sync ends below a high watermark.</summary>
public sealed record EndsTooEarly(BrokerId Broker, TopicPartition Partition, Offset End, Offset HighWatermark) : Anomaly;

/// <summary>A consumer was shown what is not there in the end.</summary>
public sealed record ConsumedIsGone(string Group, TopicPartition Partition, Offset Offset, string? Value) : Anomaly;

/// <summary>A group has got a later offset without the one before.</summary>
public sealed record ConsumedWithHole(string Group, TopicPartition Partition, Offset Expected, Offset Found) : Anomaly;

/// <summary>A group has never got a record that was acknowledged.</summary>
public sealed record NotConsumed(string Group, TopicPartition Partition, Offset Offset, string Value) : Anomaly;

/// <summary>Two members of a generation were told to read a partition.</summary>
public sealed record AssignedTwice(string Group, int Generation, TopicPartition Partition, string One, string Other) : Anomaly;

/// <summary>A member was told to read something else than the plan of the group's leader says, which others were told.</summary>
public sealed record AssignedOtherwise(string Group, int Generation, string Member) : Anomaly;

/// <summary>A group's offset was lower than one that had been acknowledged before it was asked for.</summary>
public sealed record CommitWentBack(string Group, TopicPartition Partition, Offset Acknowledged, Offset Later) : Anomaly;

/// <summary>Two brokers have led in one epoch.</summary>
public sealed record TwoLeaders(TopicPartition Partition, Epoch Epoch, BrokerId One, BrokerId Other) : Anomaly;

/// <summary>The end of what consumers may see was lower than one that had been told before, or by an earlier leader.</summary>
public sealed record HighWatermarkWentBack(TopicPartition Partition, Offset Told, Offset Later, Epoch Epoch) : Anomaly;

/// <summary>A replica is not in sync in the end.</summary>
public sealed record NotInSync(TopicPartition Partition, BrokerId Missing) : Anomaly;
