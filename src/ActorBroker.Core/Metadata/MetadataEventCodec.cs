using System.Collections.Immutable;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Metadata;

/// <summary>
/// Bytes of metadata events, as they lie in the controller's journal. Each kind has a name, which is stored beside the bytes,
/// and a version, which is their first field; everything is in the compact encoding, so later fields can come as tags.
/// </summary>
/// <remarks>Written once, read for ever: change a kind by a new version of it, never in place.</remarks>
public static class MetadataEventCodec
{
    private const bool Flexible = true;
    private const short Version = 0;

    private const string ClusterCreated = "cluster-created";
    private const string BrokerRegistered = "broker-registered";
    private const string TopicCreated = "topic-created";
    private const string PartitionsAdded = "partitions-added";
    private const string PartitionsChanged = "partitions-changed";
    private const string TopicDeleted = "topic-deleted";
    private const string ConfigChanged = "config-changed";
    private const string ProducerIdsAllocated = "producer-ids-allocated";

    public static string KindOf(MetadataEvent change) => change switch
    {
        MetadataEvent.ClusterCreated => ClusterCreated,
        MetadataEvent.BrokerRegistered => BrokerRegistered,
        MetadataEvent.TopicCreated => TopicCreated,
        MetadataEvent.PartitionsAdded => PartitionsAdded,
        MetadataEvent.PartitionsChanged => PartitionsChanged,
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
        if (wire.Int16() is not Version and var version)
            throw new WireException($"Version {version} of the event {kind} is newer than this broker.");
        MetadataEvent change = kind switch
        {
            ClusterCreated => new MetadataEvent.ClusterCreated(wire.String(Flexible)),
            BrokerRegistered => new MetadataEvent.BrokerRegistered(ReadBroker(ref wire)),
            TopicCreated =>
                new MetadataEvent.TopicCreated(new TopicImage(wire.String(Flexible), wire.TopicId(), ReadPartitions(ref wire))),
            PartitionsAdded => new MetadataEvent.PartitionsAdded(wire.TopicId(), ReadPartitions(ref wire)),
            PartitionsChanged => new MetadataEvent.PartitionsChanged(wire.TopicId(), ReadPartitions(ref wire)),
            TopicDeleted => new MetadataEvent.TopicDeleted(wire.TopicId()),
            ConfigChanged => ReadConfigs(ref wire),
            ProducerIdsAllocated => new MetadataEvent.ProducerIdsAllocated(wire.BrokerId(), wire.Int64()),
            _ => throw new WireException($"The event {kind} is newer than this broker."),
        };
        wire.SkipTags();
        return change;
    }

    private static void Write(WireWriter wire, BrokerImage broker)
    {
        wire.BrokerId(broker.Id);
        wire.Int64(broker.Epoch);
        wire.ArrayLength(broker.Endpoints.Length, Flexible);
        foreach (var endpoint in broker.Endpoints)
        {
            wire.String(endpoint.Listener, Flexible);
            wire.String(endpoint.Host, Flexible);
            wire.Int32(endpoint.Port);
        }
        wire.NullableString(broker.Rack, Flexible);
    }

    private static BrokerImage ReadBroker(ref WireReader wire)
    {
        var (id, epoch) = (wire.BrokerId(), wire.Int64());
        var endpoints = new BrokerEndpoint[wire.ArrayLength(Flexible)];
        for (var i = 0; i < endpoints.Length; i++)
            endpoints[i] = new BrokerEndpoint(wire.String(Flexible), wire.String(Flexible), wire.Int32());
        return new BrokerImage(id, epoch, [.. endpoints], wire.NullableString(Flexible));
    }

    private static void Write(WireWriter wire, ImmutableArray<PartitionImage> partitions)
    {
        wire.ArrayLength(partitions.Length, Flexible);
        foreach (var partition in partitions)
        {
            wire.Int32(partition.Index);
            wire.BrokerIds([.. partition.Replicas], Flexible);
            wire.BrokerIds([.. partition.Isr], Flexible);
            wire.BrokerId(partition.Leader);
            wire.Epoch(partition.LeaderEpoch);
            wire.Int32(partition.PartitionEpoch);
        }
    }

    private static ImmutableArray<PartitionImage> ReadPartitions(ref WireReader wire)
    {
        var partitions = ImmutableArray.CreateBuilder<PartitionImage>(wire.ArrayLength(Flexible));
        for (var i = partitions.Capacity; i > 0; i--)
        {
            partitions.Add(new PartitionImage(
                wire.Int32(), [.. wire.BrokerIds(Flexible)], [.. wire.BrokerIds(Flexible)], wire.BrokerId(), wire.Epoch(),
                wire.Int32()));
        }
        return partitions.DrainToImmutable();
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
