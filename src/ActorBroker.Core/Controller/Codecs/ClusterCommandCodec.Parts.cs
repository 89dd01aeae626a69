using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller.Codecs;

/// <summary>What stands in commands.</summary>
public static partial class ClusterCommandCodec
{
    private static void Write(WireWriter wire, ClusterCommand.RegisterBroker command)
    {
        wire.BrokerId(command.Broker);
        wire.Items(command.Endpoints, static (w, endpoint) =>
        {
            w.Text(endpoint.Listener);
            w.Text(endpoint.Host);
            w.Int32(endpoint.Port);
        });
        wire.OptionalText(command.Rack);
        wire.Text(command.NewClusterId);
        wire.UInt128(command.Incarnation);
        wire.Int64(command.PreviousEpoch);
        wire.Boolean(command.IsFenced); // Whether a rival is alive is for the controller to say.
    }

    private static ClusterCommand.RegisterBroker ReadRegistration(ref WireReader wire) => new(
        wire.BrokerId(),
        wire.Items(static (ref WireReader w) => new BrokerEndpoint(w.Text(), w.Text(), w.Int32())),
        wire.OptionalText(), wire.Text(), wire.UInt128(), wire.Int64(), wire.Boolean());

    private static void Write(WireWriter wire, NewTopic topic)
    {
        wire.Text(topic.Name);
        wire.TopicId(topic.Id);
        wire.Int32(topic.Partitions);
        wire.Int32(topic.ReplicationFactor);
        wire.Items([.. topic.Assignment], static (w, partition) =>
        {
            w.Int32(partition.Key);
            w.Brokers(partition.Value);
        });
        wire.Items(topic.Configs, static (w, config) =>
        {
            w.Text(config.Key);
            w.OptionalText(config.Value);
        });
    }

    private static NewTopic ReadNewTopic(ref WireReader wire) => new(
        wire.Text(), wire.TopicId(), wire.Int32(), wire.Int32(),
        wire.Items(static (ref WireReader w) => KeyValuePair.Create(w.Int32(), w.Brokers()))
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value),
        wire.Items(static (ref WireReader w) => KeyValuePair.Create(w.Text(), w.OptionalText())));

    private static void Write(WireWriter wire, TopicRef topic)
    {
        wire.OptionalText(topic.Name);
        wire.TopicId(topic.Id);
    }

    private static TopicRef ReadTopicRef(ref WireReader wire) => new(wire.OptionalText(), wire.TopicId());

    private static void Write(WireWriter wire, MorePartitions topic)
    {
        wire.Text(topic.Topic);
        wire.Int32(topic.Count);
        wire.Items(topic.Assignment, static (w, replicas) => w.Brokers(replicas));
    }

    private static MorePartitions ReadMorePartitions(ref WireReader wire) =>
        new(wire.Text(), wire.Int32(), wire.Items(static (ref WireReader w) => w.Brokers()));

    private static void Write(WireWriter wire, ConfigChange change)
    {
        Write(wire, change.Resource);
        wire.Items(change.Edits, static (w, edit) =>
        {
            w.Text(edit.Key);
            w.Int8((sbyte)edit.Operation);
            w.OptionalText(edit.Value);
        });
        wire.Boolean(change.Replace);
    }

    private static ConfigChange ReadConfigChange(ref WireReader wire) => new(
        ReadResource(ref wire),
        wire.Items(static (ref WireReader w) => new ConfigEdit(w.Text(), (ConfigOperation)w.Int8(), w.OptionalText())),
        wire.Boolean());

    internal static void Write(WireWriter wire, ConfigResource resource)
    {
        wire.Int8((sbyte)resource.Type);
        wire.Text(resource.Name);
    }

    internal static ConfigResource ReadResource(ref WireReader wire) => new((ConfigResourceType)wire.Int8(), wire.Text());

    private static void Write(WireWriter wire, IsrChange change)
    {
        wire.TopicId(change.Topic);
        wire.Int32(change.Partition);
        wire.Epoch(change.LeaderEpoch);
        wire.Int32(change.PartitionEpoch);
        wire.Items(change.Isr, static (w, replica) =>
        {
            w.BrokerId(replica.Broker);
            w.Int64(replica.BrokerEpoch);
        });
    }

    private static IsrChange ReadIsrChange(ref WireReader wire) => new(
        wire.TopicId(), wire.Int32(), wire.Epoch(), wire.Int32(),
        wire.Items(static (ref WireReader w) => new InSyncReplica(w.BrokerId(), w.Int64())));

    private static void Write(WireWriter wire, ReplicaStorage replica)
    {
        wire.TopicId(replica.Topic);
        wire.Int32(replica.Partition);
        wire.Boolean(replica.IsOffline);
    }

    private static ReplicaStorage ReadReplicaStorage(ref WireReader wire) => new(wire.TopicId(), wire.Int32(), wire.Boolean());

    private static void Write(WireWriter wire, Reassignment reassignment)
    {
        wire.Partition(reassignment.Partition);
        wire.Brokers(reassignment.Replicas);
    }

    private static Reassignment ReadReassignment(ref WireReader wire) => new(wire.Partition(), wire.Brokers());
}
