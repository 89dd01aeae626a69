using System.Collections.Immutable;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Metadata;

/// <summary>
/// Bytes of metadata events, as they lie in the controller's journal. Each kind has a name, which is stored beside the bytes,
/// and a version, which is their first field; everything is in the compact encoding, so later fields can come as tags.
/// </summary>
/// <remarks>Written once, read for ever: change a kind by a new version of it, never in place.</remarks>
public static partial class MetadataEventCodec
{
    private const bool Flexible = true;

    /// <summary>1 has more of brokers and partitions, and tagged fields in each. 0 is still read.</summary>
    private const short Version = 1;

    private const string ClusterCreated = "cluster-created";
    private const string BrokerRegistered = "broker-registered";
    private const string BrokerChanged = "broker-changed";
    private const string BrokerUnregistered = "broker-unregistered";
    private const string TopicCreated = "topic-created";
    private const string PartitionsAdded = "partitions-added";
    private const string PartitionsChanged = "partitions-changed";
    private const string UncleanElection = "unclean-election";
    private const string RecordsLost = "records-lost";
    private const string TopicDeleted = "topic-deleted";
    private const string ConfigChanged = "config-changed";
    private const string ProducerIdsAllocated = "producer-ids-allocated";

    public static string KindOf(MetadataEvent change) => change switch
    {
        MetadataEvent.ClusterCreated => ClusterCreated,
        MetadataEvent.BrokerRegistered => BrokerRegistered,
        MetadataEvent.BrokerChanged => BrokerChanged,
        MetadataEvent.BrokerUnregistered => BrokerUnregistered,
        MetadataEvent.TopicCreated => TopicCreated,
        MetadataEvent.PartitionsAdded => PartitionsAdded,
        MetadataEvent.PartitionsChanged => PartitionsChanged,
        MetadataEvent.UncleanElection => UncleanElection,
        MetadataEvent.RecordsLost => RecordsLost,
        MetadataEvent.TopicDeleted => TopicDeleted,
        MetadataEvent.ConfigChanged => ConfigChanged,
        MetadataEvent.ProducerIdsAllocated => ProducerIdsAllocated,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "An event without a name."),
    };

    public static void Write(WireWriter wire, MetadataEvent change)
    {
        wire.Int16(Version);
        switch (change)
        {
            case MetadataEvent.ClusterCreated e:
                wire.String(e.ClusterId, Flexible);
                break;
            case MetadataEvent.BrokerRegistered e:
                Write(wire, e.Broker);
                break;
            case MetadataEvent.BrokerChanged e:
                wire.BrokerId(e.Broker);
                wire.Int64(e.Epoch);
                Write(wire, e.IsFenced, e.IsStopping, e.IsDraining);
                break;
            case MetadataEvent.BrokerUnregistered e:
                wire.BrokerId(e.Broker);
                break;
            case MetadataEvent.TopicCreated e:
                wire.String(e.Topic.Name, Flexible);
                wire.TopicId(e.Topic.Id);
                Write(wire, e.Topic.Partitions);
                break;
            case MetadataEvent.PartitionsAdded e:
                wire.TopicId(e.Topic);
                Write(wire, e.Partitions);
                break;
            case MetadataEvent.PartitionsChanged e:
                wire.TopicId(e.Topic);
                Write(wire, e.Partitions);
                break;
            case MetadataEvent.UncleanElection e:
                wire.TopicId(e.Topic);
                wire.Int32(e.Partition);
                wire.BrokerId(e.Leader);
                wire.Epoch(e.LeaderEpoch);
                wire.BrokerIds([.. e.InSync], Flexible);
                break;
            case MetadataEvent.RecordsLost e:
                wire.TopicId(e.Topic);
                wire.Int32(e.Partition);
                wire.BrokerId(e.Replica);
                wire.Epoch(e.LeaderEpoch);
                wire.Offset(e.From);
                wire.Offset(e.To);
                wire.Offset(e.HighWatermark);
                break;
            case MetadataEvent.TopicDeleted e:
                wire.TopicId(e.Topic);
                break;
            case MetadataEvent.ConfigChanged e:
                Write(wire, e);
                break;
            case MetadataEvent.ProducerIdsAllocated e:
                wire.BrokerId(e.Broker);
                wire.Int64(e.NextProducerId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "An event without an encoding.");
        }
        wire.NoTags();
    }

    /// <exception cref="WireException">The bytes are not such an event, or one of a version that this broker does not
    /// know.</exception>
    public static MetadataEvent Read(string kind, ref WireReader wire)
    {
        var version = wire.Int16();
        if (version is < 0 or > Version)
            throw new WireException($"Version {version} of the event {kind} is newer than this broker.");
        MetadataEvent change = kind switch
        {
            ClusterCreated => new MetadataEvent.ClusterCreated(wire.String(Flexible)),
            BrokerRegistered => new MetadataEvent.BrokerRegistered(ReadBroker(ref wire, version)),
            BrokerChanged => ReadBrokerChange(ref wire),
            BrokerUnregistered => new MetadataEvent.BrokerUnregistered(wire.BrokerId()),
            TopicCreated => new MetadataEvent.TopicCreated(
                new TopicImage(wire.String(Flexible), wire.TopicId(), ReadPartitions(ref wire, version))),
            PartitionsAdded => new MetadataEvent.PartitionsAdded(wire.TopicId(), ReadPartitions(ref wire, version)),
            PartitionsChanged => new MetadataEvent.PartitionsChanged(wire.TopicId(), ReadPartitions(ref wire, version)),
            UncleanElection => new MetadataEvent.UncleanElection(
                wire.TopicId(), wire.Int32(), wire.BrokerId(), wire.Epoch(), [.. wire.BrokerIds(Flexible)]),
            RecordsLost => new MetadataEvent.RecordsLost(
                wire.TopicId(), wire.Int32(), wire.BrokerId(), wire.Epoch(), wire.Offset(), wire.Offset(), wire.Offset()),
            TopicDeleted => new MetadataEvent.TopicDeleted(wire.TopicId()),
            ConfigChanged => ReadConfigs(ref wire),
            ProducerIdsAllocated => new MetadataEvent.ProducerIdsAllocated(wire.BrokerId(), wire.Int64()),
            _ => throw new WireException($"The event {kind} is newer than this broker."),
        };
        wire.SkipTags();
        return change;
    }

    private static void Write(WireWriter wire, MetadataEvent.ConfigChanged change)
    {
        wire.Int8((sbyte)change.Resource.Type);
        wire.String(change.Resource.Name, Flexible);
        wire.ArrayLength(change.Changes.Count, Flexible);
        foreach (var (key, value) in change.Changes)
        {
            wire.String(key, Flexible);
            wire.NullableString(value, Flexible);
        }
    }

    private static MetadataEvent.ConfigChanged ReadConfigs(ref WireReader wire)
    {
        var resource = new ConfigResource((ConfigResourceType)wire.Int8(), wire.String(Flexible));
        var changes = ImmutableSortedDictionary.CreateBuilder<string, string?>();
        for (var i = wire.ArrayLength(Flexible); i > 0; i--) changes.Add(wire.String(Flexible), wire.NullableString(Flexible));
        return new MetadataEvent.ConfigChanged(resource, changes.ToImmutable());
    }
}
