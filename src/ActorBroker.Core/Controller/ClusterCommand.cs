using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller;

/// <summary>What the controller may be asked. Each kind has one answer, nested in it.</summary>
public abstract partial record ClusterCommand
{
    /// <summary>Make topics, each or none of its own: one bad topic leaves the others alone.</summary>
    public sealed record CreateTopics(ImmutableArray<NewTopic> Topics, bool ValidateOnly = false) : ClusterCommand
    {
        public sealed record Answer(ImmutableArray<TopicResult> Topics) : ClusterAnswer;
    }

    public sealed record DeleteTopics(ImmutableArray<TopicRef> Topics) : ClusterCommand
    {
        public sealed record Answer(ImmutableArray<TopicResult> Topics) : ClusterAnswer;
    }

    public sealed record CreatePartitions(ImmutableArray<MorePartitions> Topics, bool ValidateOnly = false) : ClusterCommand
    {
        public sealed record Answer(ImmutableArray<TopicResult> Topics) : ClusterAnswer;
    }

    public sealed record ChangeConfigs(ImmutableArray<ConfigChange> Resources, bool ValidateOnly = false) : ClusterCommand
    {
        public sealed record Answer(ImmutableArray<ConfigResult> Resources) : ClusterAnswer;
    }

    /// <summary>A block of producer ids for one broker to hand out.</summary>
    public sealed record AllocateProducerIds(BrokerId Broker, int Count) : ClusterCommand
    {
        public sealed record Answer(long First, int Count) : ClusterAnswer;
    }
}

/// <summary>What the controller answers; see the command of each answer.</summary>
public abstract record ClusterAnswer;

/// <summary>What the command changes, to be persisted and applied in this order, and then its answer.</summary>
public sealed record Decision(ImmutableArray<MetadataEvent> Events, ClusterAnswer Answer);

/// <summary>The verdict on one thing of a request.</summary>
/// <param name="Message">Says what to do; null where there is nothing wrong.</param>
public readonly record struct Verdict(ErrorCode Error, string? Message)
{
    public static readonly Verdict Ok = new(ErrorCode.None, null);

    public bool IsOk => Error == ErrorCode.None;
}

/// <param name="Id">Made by the asker; used once.</param>
/// <param name="Partitions">-1: the broker's default.</param>
/// <param name="ReplicationFactor">-1: the broker's default.</param>
/// <param name="Assignment">Replicas of each partition by its index; empty: the controller places them.</param>
public sealed record NewTopic(
    string Name, TopicId Id, int Partitions, int ReplicationFactor,
    ImmutableSortedDictionary<int, ImmutableArray<BrokerId>> Assignment,
    ImmutableArray<KeyValuePair<string, string?>> Configs)
{
    /// <summary>A topic with the broker's defaults for all but these.</summary>
    public static NewTopic Named(
        string name, TopicId id, int partitions = -1, int replicationFactor = -1,
        params KeyValuePair<string, string?>[] configs) =>
        new(
            name, id, partitions, replicationFactor, ImmutableSortedDictionary<int, ImmutableArray<BrokerId>>.Empty,
            [.. configs]);
}

/// <summary>A topic by its name, or by its id where the name is null.</summary>
public readonly record struct TopicRef(string? Name, TopicId Id);

/// <param name="Count">Partitions that the topic shall have in all.</param>
/// <param name="Assignment">Replicas of each new partition in order; default: the controller places them.</param>
public sealed record MorePartitions(string Topic, int Count, ImmutableArray<ImmutableArray<BrokerId>> Assignment);

/// <param name="Name">Null if the topic was named by an id that nobody has.</param>
/// <param name="Topic">The topic as it is now, or as it would be; as it was for a deleted one; null after an error.</param>
public sealed record TopicResult(string? Name, TopicId Id, Verdict Verdict, TopicImage? Topic = null);

public readonly record struct ConfigEdit(string Key, ConfigOperation Operation, string? Value);

/// <param name="Replace">Keys that are not named go back to their default (AlterConfigs); else they stay
/// (IncrementalAlterConfigs).</param>
public sealed record ConfigChange(ConfigResource Resource, ImmutableArray<ConfigEdit> Edits, bool Replace);

public sealed record ConfigResult(ConfigResource Resource, Verdict Verdict);
