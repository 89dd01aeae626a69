using System.Collections.Immutable;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Metadata;

/// <summary>Brokers and partitions inside of events.</summary>
public static partial class MetadataEventCodec
{
    /// <summary>Events one after the other, each with its name.</summary>
    public static void WriteAll(WireWriter wire, ImmutableArray<MetadataEvent> events)
    {
        wire.ArrayLength(events.Length, Flexible);
        foreach (var change in events)
        {
            wire.String(KindOf(change), Flexible);
            Write(wire, change);
        }
    }

    /// <inheritdoc cref="Read"/>
    public static ImmutableArray<MetadataEvent> ReadAll(ref WireReader wire)
    {
        var events = ImmutableArray.CreateBuilder<MetadataEvent>();
        for (var i = wire.ArrayLength(Flexible); i > 0; i--) events.Add(Read(wire.String(Flexible), ref wire));
        return events.DrainToImmutable();
    }

    /// <summary>Of a partition: replicas whose storage has failed; not written where there are none.</summary>
    private const uint OfflineTag = 0;

    [Flags]
    private enum BrokerFlags : byte
    {
        Fenced = 1,
        Stopping = 2,
        Draining = 4,
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
        wire.TopicId(new TopicId(broker.Incarnation)); // As 128 bits go on the wire.
        Write(wire, broker.IsFenced, broker.IsStopping, broker.IsDraining);
        wire.NoTags();
    }

    private static BrokerImage ReadBroker(ref WireReader wire, short version)
    {
        var (id, epoch) = (wire.BrokerId(), wire.Int64());
        var endpoints = new BrokerEndpoint[wire.ArrayLength(Flexible)];
        for (var i = 0; i < endpoints.Length; i++)
            endpoints[i] = new BrokerEndpoint(wire.String(Flexible), wire.String(Flexible), wire.Int32());
        var broker = new BrokerImage(id, epoch, [.. endpoints], wire.NullableString(Flexible));
        if (version < 1) return broker;
        broker = broker with { Incarnation = wire.TopicId().Value };
        var flags = (BrokerFlags)wire.Int8();
        wire.SkipTags();
        return broker with
        {
            IsFenced = flags.HasFlag(BrokerFlags.Fenced),
            IsStopping = flags.HasFlag(BrokerFlags.Stopping),
            IsDraining = flags.HasFlag(BrokerFlags.Draining),
        };
    }

    private static MetadataEvent.BrokerChanged ReadBrokerChange(ref WireReader wire)
    {
        var (id, epoch, flags) = (wire.BrokerId(), wire.Int64(), (BrokerFlags)wire.Int8());
        return new MetadataEvent.BrokerChanged(
            id, epoch, flags.HasFlag(BrokerFlags.Fenced), flags.HasFlag(BrokerFlags.Stopping),
            flags.HasFlag(BrokerFlags.Draining));
    }

    private static void Write(WireWriter wire, bool fenced, bool stopping, bool draining) => wire.Int8((sbyte)(
        (fenced ? BrokerFlags.Fenced : 0) | (stopping ? BrokerFlags.Stopping : 0) | (draining ? BrokerFlags.Draining : 0)));

    internal static void Write(WireWriter wire, ImmutableArray<PartitionImage> partitions)
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
            wire.BrokerIds([.. partition.Elr], Flexible);
            wire.BrokerIds([.. partition.Adding], Flexible);
            wire.BrokerIds([.. partition.Removing], Flexible);
            wire.BrokerId(partition.LastLeader);
            WriteTags(wire, partition);
        }
    }

    private static void WriteTags(WireWriter wire, PartitionImage partition)
    {
        wire.TagCount(partition.Offline.IsEmpty ? 0 : 1);
        if (partition.Offline.IsEmpty) return;
        var start = wire.BeginTag(OfflineTag);
        wire.BrokerIds([.. partition.Offline], Flexible);
        wire.EndTag(start);
    }

    internal static ImmutableArray<PartitionImage> ReadPartitions(ref WireReader wire, short version = Version)
    {
        var partitions = ImmutableArray.CreateBuilder<PartitionImage>(wire.ArrayLength(Flexible));
        for (var i = partitions.Capacity; i > 0; i--)
        {
            var partition = new PartitionImage(
                wire.Int32(), [.. wire.BrokerIds(Flexible)], [.. wire.BrokerIds(Flexible)], wire.BrokerId(), wire.Epoch(),
                wire.Int32());
            if (version >= 1)
            {
                partition = partition with
                {
                    Elr = [.. wire.BrokerIds(Flexible)],
                    Adding = [.. wire.BrokerIds(Flexible)],
                    Removing = [.. wire.BrokerIds(Flexible)],
                    LastLeader = wire.BrokerId(),
                };
                var tags = wire.Tags();
                while (wire.Next(ref tags))
                    if (tags.Number == OfflineTag) partition = partition with { Offline = [.. wire.BrokerIds(Flexible)] };
            }
            partitions.Add(partition);
        }
        return partitions.DrainToImmutable();
    }
}
