using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using static ActorBroker.Core.Controller.ClusterCommand;

namespace ActorBroker.Core.Controller.Codecs;

/// <summary>
/// Bytes of commands, as one broker sends them to the controller on another. Like events in the journal, each kind has a name
/// that goes beside the bytes, and a version, which is their first field.
/// </summary>
public static partial class ClusterCommandCodec
{
    private const short Version = 0;

    public static string KindOf(ClusterCommand command) => command switch
    {
        RegisterBroker => "register-broker",
        ChangeBroker => "change-broker",
        DecommissionBroker => "decommission-broker",
        UnregisterBroker => "unregister-broker",
        CreateTopics => "create-topics",
        DeleteTopics => "delete-topics",
        CreatePartitions => "create-partitions",
        ChangeConfigs => "change-configs",
        AlterPartition => "alter-partition",
        ReportReplicas => "report-replicas",
        ElectLeaders => "elect-leaders",
        AlterReassignments => "alter-reassignments",
        AllocateProducerIds => "allocate-producer-ids",
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command without a name."),
    };

    public static void Write(WireWriter wire, ClusterCommand command)
    {
        wire.Int16(Version);
        switch (command)
        {
            case RegisterBroker c: Write(wire, c); break;
            case ChangeBroker c:
                wire.BrokerId(c.Broker);
                wire.Int64(c.Epoch);
                wire.Int8((sbyte)c.Change);
                break;
            case DecommissionBroker c: wire.BrokerId(c.Broker); break;
            case UnregisterBroker c: wire.BrokerId(c.Broker); break;
            case CreateTopics c:
                wire.Items(c.Topics, Write);
                wire.Boolean(c.ValidateOnly);
                break;
            case DeleteTopics c: wire.Items(c.Topics, Write); break;
            case CreatePartitions c:
                wire.Items(c.Topics, Write);
                wire.Boolean(c.ValidateOnly);
                break;
            case ChangeConfigs c:
                wire.Items(c.Resources, Write);
                wire.Boolean(c.ValidateOnly);
                break;
            case AlterPartition c:
                wire.BrokerId(c.Broker);
                wire.Int64(c.BrokerEpoch);
                wire.Items(c.Partitions, Write);
                break;
            case ReportReplicas c:
                wire.BrokerId(c.Broker);
                wire.Int64(c.BrokerEpoch);
                wire.Items(c.Replicas, Write);
                break;
            case ElectLeaders c:
                wire.Int8((sbyte)c.Type);
                wire.Items(c.Partitions, static (w, partition) => w.Partition(partition));
                break;
            case AlterReassignments c:
                wire.Items(c.Partitions, Write);
                wire.Boolean(c.AllowReplicationFactorChange);
                break;
            case AllocateProducerIds c:
                wire.BrokerId(c.Broker);
                wire.Int32(c.Count);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(command), command, "A command without an encoding.");
        }
        wire.NoTags();
    }

    /// <exception cref="WireException">The bytes are not such a command, or one of a version that this broker does not
    /// know.</exception>
    public static ClusterCommand Read(string kind, ref WireReader wire)
    {
        if (wire.Int16() is not Version and var version)
            throw new WireException($"Version {version} of the command {kind} is newer than this broker.");
        ClusterCommand command = kind switch
        {
            "register-broker" => ReadRegistration(ref wire),
            "change-broker" => new ChangeBroker(wire.BrokerId(), wire.Int64(), (BrokerChange)wire.Int8()),
            "decommission-broker" => new DecommissionBroker(wire.BrokerId()),
            "unregister-broker" => new UnregisterBroker(wire.BrokerId()),
            "create-topics" => new CreateTopics(wire.Items(ReadNewTopic), wire.Boolean()),
            "delete-topics" => new DeleteTopics(wire.Items(ReadTopicRef)),
            "create-partitions" => new CreatePartitions(wire.Items(ReadMorePartitions), wire.Boolean()),
            "change-configs" => new ChangeConfigs(wire.Items(ReadConfigChange), wire.Boolean()),
            "alter-partition" => new AlterPartition(wire.BrokerId(), wire.Int64(), wire.Items(ReadIsrChange)),
            "report-replicas" => new ReportReplicas(wire.BrokerId(), wire.Int64(), wire.Items(ReadReplicaStorage)),
            "elect-leaders" => new ElectLeaders(
                (ElectionType)wire.Int8(), wire.Items(static (ref WireReader w) => w.Partition())),
            "alter-reassignments" => new AlterReassignments(wire.Items(ReadReassignment), wire.Boolean()),
            "allocate-producer-ids" => new AllocateProducerIds(wire.BrokerId(), wire.Int32()),
            _ => throw new WireException($"The command {kind} is newer than this broker."),
        };
        wire.SkipTags();
        return command;
    }
}
