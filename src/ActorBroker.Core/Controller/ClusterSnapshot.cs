using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller;

/// <summary>A state as the shortest list of events that makes it, so that the controller need not replay its whole
/// life.</summary>
/// <param name="Version">The image's version, which is larger than the number of these events.</param>
public sealed record ClusterSnapshot(long Version, ImmutableArray<MetadataEvent> Events)
{
    private const short Format = 0;

    public static ClusterSnapshot Of(ClusterState state)
    {
        var (image, events) = (state.Image, ImmutableArray.CreateBuilder<MetadataEvent>());
        if (image.ClusterId.Length > 0) events.Add(new MetadataEvent.ClusterCreated(image.ClusterId));
        foreach (var broker in image.Brokers.Values) events.Add(new MetadataEvent.BrokerRegistered(broker));
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
            events.Add(new MetadataEvent.TopicCreated(topic));
        foreach (var (resource, configs) in image.Configs.OrderBy(c => (c.Key.Type, c.Key.Name)))
            events.Add(
                new MetadataEvent.ConfigChanged(
                    resource, configs.ToImmutableSortedDictionary(c => c.Key, c => (string?)c.Value)));
        if (state.NextProducerId > 0) events.Add(new MetadataEvent.ProducerIdsAllocated(BrokerId.None, state.NextProducerId));
        return new ClusterSnapshot(image.Version, events.DrainToImmutable());
    }

    public ClusterState Restore()
    {
        var state = Events.Aggregate(ClusterState.Empty, (state, change) => state.Apply(change));
        return state with { Image = state.Image.At(Version) };
    }

    public void Write(WireWriter wire)
    {
        wire.Int16(Format);
        wire.Int64(Version);
        MetadataEventCodec.WriteAll(wire, Events);
        wire.NoTags();
    }

    /// <exception cref="WireException">The bytes are no snapshot, or one that is newer than this broker.</exception>
    public static ClusterSnapshot Read(ref WireReader wire)
    {
        if (wire.Int16() is not Format and var format)
            throw new WireException($"Format {format} of the controller's snapshot is newer than this broker.");
        var version = wire.Int64();
        var events = MetadataEventCodec.ReadAll(ref wire);
        wire.SkipTags();
        return new ClusterSnapshot(version, events);
    }
}
