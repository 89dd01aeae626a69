using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller.Codecs;

/// <summary>Bytes of the controller's answers; see <see cref="ClusterCommandCodec"/>, whose names the kinds share.</summary>
public static class ClusterAnswerCodec
{
    private const short Version = 0;

    public static string KindOf(ClusterAnswer answer) => answer switch
    {
        ClusterCommand.RegisterBroker.Answer => "register-broker",
        ClusterCommand.ChangeBroker.Answer => "change-broker",
        ClusterCommand.DecommissionBroker.Answer => "decommission-broker",
        ClusterCommand.UnregisterBroker.Answer => "unregister-broker",
        ClusterCommand.CreateTopics.Answer => "create-topics",
        ClusterCommand.DeleteTopics.Answer => "delete-topics",
        ClusterCommand.CreatePartitions.Answer => "create-partitions",
        ClusterCommand.ChangeConfigs.Answer => "change-configs",
        ClusterCommand.AlterPartition.Answer => "alter-partition",
        ClusterCommand.ReportReplicas.Answer => "report-replicas",
        ClusterCommand.ElectLeaders.Answer => "elect-leaders",
        ClusterCommand.AlterReassignments.Answer => "alter-reassignments",
        ClusterCommand.AllocateProducerIds.Answer => "allocate-producer-ids",
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "An answer without a name."),
    };

    public static void Write(WireWriter wire, ClusterAnswer answer)
    {
        wire.Int16(Version);
        switch (answer)
        {
            case ClusterCommand.RegisterBroker.Answer a:
                wire.Text(a.ClusterId);
                wire.Int64(a.BrokerEpoch);
                wire.Verdict(a.Verdict);
                break;
            case ClusterCommand.ChangeBroker.Answer a:
                wire.Verdict(a.Verdict);
                wire.Int32(a.Leads);
                break;
            case ClusterCommand.DecommissionBroker.Answer a:
                wire.Verdict(a.Verdict);
                wire.Int32(a.Moving);
                break;
            case ClusterCommand.UnregisterBroker.Answer a: wire.Verdict(a.Verdict); break;
            case ClusterCommand.CreateTopics.Answer a: wire.Items(a.Topics, Write); break;
            case ClusterCommand.DeleteTopics.Answer a: wire.Items(a.Topics, Write); break;
            case ClusterCommand.CreatePartitions.Answer a: wire.Items(a.Topics, Write); break;
            case ClusterCommand.ChangeConfigs.Answer a: wire.Items(a.Resources, Write); break;
            case ClusterCommand.AlterPartition.Answer a:
                wire.ErrorCode(a.Error);
                wire.Items(a.Partitions, Write);
                break;
            case ClusterCommand.ReportReplicas.Answer a: wire.ErrorCode(a.Error); break;
            case ClusterCommand.ElectLeaders.Answer a: wire.Items(a.Partitions, Write); break;
            case ClusterCommand.AlterReassignments.Answer a: wire.Items(a.Partitions, Write); break;
            case ClusterCommand.AllocateProducerIds.Answer a:
                wire.Int64(a.First);
                wire.Int32(a.Count);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(answer), answer, "An answer without an encoding.");
        }
        wire.NoTags();
    }

    /// <exception cref="WireException">The bytes are not such an answer, or one of a version that this broker does not
    /// know.</exception>
    public static ClusterAnswer Read(string kind, ref WireReader wire)
    {
        if (wire.Int16() is not Version and var version)
            throw new WireException($"Version {version} of the answer to {kind} is newer than this broker.");
        ClusterAnswer answer = kind switch
        {
            "register-broker" => new ClusterCommand.RegisterBroker.Answer(wire.Text(), wire.Int64(), wire.Verdict()),
            "change-broker" => new ClusterCommand.ChangeBroker.Answer(wire.Verdict(), wire.Int32()),
            "decommission-broker" => new ClusterCommand.DecommissionBroker.Answer(wire.Verdict(), wire.Int32()),
            "unregister-broker" => new ClusterCommand.UnregisterBroker.Answer(wire.Verdict()),
            "create-topics" => new ClusterCommand.CreateTopics.Answer(wire.Items(ReadTopic)),
            "delete-topics" => new ClusterCommand.DeleteTopics.Answer(wire.Items(ReadTopic)),
            "create-partitions" => new ClusterCommand.CreatePartitions.Answer(wire.Items(ReadTopic)),
            "change-configs" => new ClusterCommand.ChangeConfigs.Answer(wire.Items(ReadConfig)),
            "alter-partition" => new ClusterCommand.AlterPartition.Answer(wire.ErrorCode(), wire.Items(ReadIsr)),
            "report-replicas" => new ClusterCommand.ReportReplicas.Answer(wire.ErrorCode()),
            "elect-leaders" => new ClusterCommand.ElectLeaders.Answer(wire.Items(ReadPartition)),
            "alter-reassignments" => new ClusterCommand.AlterReassignments.Answer(wire.Items(ReadPartition)),
            "allocate-producer-ids" => new ClusterCommand.AllocateProducerIds.Answer(wire.Int64(), wire.Int32()),
            _ => throw new WireException($"The answer to {kind} is newer than this broker."),
        };
        wire.SkipTags();
        return answer;
    }

    private static void Write(WireWriter wire, TopicResult result)
    {
        wire.OptionalText(result.Name);
        wire.TopicId(result.Id);
        wire.Verdict(result.Verdict);
        wire.Boolean(result.Topic is not null);
        if (result.Topic is null) return;
        wire.Text(result.Topic.Name);
        wire.TopicId(result.Topic.Id);
        MetadataEventCodec.Write(wire, result.Topic.Partitions);
    }

    private static TopicResult ReadTopic(ref WireReader wire)
    {
        var result = new TopicResult(wire.OptionalText(), wire.TopicId(), wire.Verdict());
        return wire.Boolean()
            ? result with { Topic = new TopicImage(wire.Text(), wire.TopicId(), MetadataEventCodec.ReadPartitions(ref wire)) }
            : result;
    }

    private static void Write(WireWriter wire, ConfigResult result)
    {
        ClusterCommandCodec.Write(wire, result.Resource);
        wire.Verdict(result.Verdict);
    }

    private static ConfigResult ReadConfig(ref WireReader wire) =>
        new(ClusterCommandCodec.ReadResource(ref wire), wire.Verdict());

    private static void Write(WireWriter wire, IsrResult result)
    {
        wire.TopicId(result.Topic);
        wire.Int32(result.Partition);
        wire.ErrorCode(result.Error);
        MetadataEventCodec.Write(wire, result.Now is null ? [] : [result.Now]);
    }

    private static IsrResult ReadIsr(ref WireReader wire) => new(
        wire.TopicId(), wire.Int32(), wire.ErrorCode(), MetadataEventCodec.ReadPartitions(ref wire).SingleOrDefault());

    private static void Write(WireWriter wire, PartitionResult result)
    {
        wire.Partition(result.Partition);
        wire.Verdict(result.Verdict);
    }

    private static PartitionResult ReadPartition(ref WireReader wire) => new(wire.Partition(), wire.Verdict());
}
