using System.Collections.Immutable;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What the controller goes by when a request leaves it to the broker.</summary>
/// <param name="Settings">Gives a topic's config the value that it has before anyone sets it.</param>
public sealed record ControllerPolicy(
    int NumPartitions, int DefaultReplicationFactor, bool DeleteTopicEnabled, BrokerSettings Settings)
{
    public static ControllerPolicy From(BrokerSettings settings) => new(
        NumPartitions: settings.Int("num.partitions"),
        DefaultReplicationFactor: settings.Int("default.replication.factor"),
        DeleteTopicEnabled: settings.Bool("delete.topic.enable"),
        settings);
}

/// <summary>
/// All that the controller knows: decides what a command changes, and changes by events only. The shell persists the
/// events of a decision before it applies them and answers.
/// </summary>
/// <remarks>Applying the same events from <see cref="Empty"/> gives the same state. A command that is refused has no
/// events.</remarks>
public sealed record ClusterState(MetadataImage Image, long NextProducerId)
{
    public static readonly ClusterState Empty = new(MetadataImage.Empty, 0);

    public ClusterState Apply(MetadataEvent change) => new(
        Image.Apply(change),
        change is MetadataEvent.ProducerIdsAllocated ids ? ids.NextProducerId : NextProducerId);

    public Decision Handle(ClusterCommand command, ControllerPolicy policy) => command switch
    {
        ClusterCommand.RegisterBroker c => Register(c),
        ClusterCommand.CreateTopics c => TopicRules.Create(Image, c, policy),
        ClusterCommand.DeleteTopics c => TopicRules.Delete(Image, c, policy),
        ClusterCommand.CreatePartitions c => PartitionRules.Create(Image, c),
        ClusterCommand.ChangeConfigs c => ConfigRules.Change(Image, c, policy),
        ClusterCommand.AllocateProducerIds c => Allocate(c),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command that this version does not know."),
    };

    private Decision Register(ClusterCommand.RegisterBroker command)
    {
        var events = ImmutableArray.CreateBuilder<MetadataEvent>();
        var clusterId = Image.ClusterId;
        if (clusterId.Length == 0)
        {
            clusterId = command.NewClusterId;
            events.Add(new MetadataEvent.ClusterCreated(clusterId));
        }
        var epoch = (Image.Brokers.GetValueOrDefault(command.Broker)?.Epoch ?? 0) + 1;
        events.Add(new MetadataEvent.BrokerRegistered(new BrokerImage(command.Broker, epoch, command.Endpoints, command.Rack)));

        // A broker that comes back starts a new term in all that it led: what it had not flushed may be gone, and
        // whoever saw those records must be able to tell the old ones from what takes their offsets.
        foreach (var topic in Image.TopicsById.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            var led = topic.Partitions.Where(p => p.Leader == command.Broker)
                .Select(p => p with { LeaderEpoch = p.LeaderEpoch.Next(), PartitionEpoch = p.PartitionEpoch + 1 })
                .ToImmutableArray();
            if (led.Length > 0) events.Add(new MetadataEvent.PartitionsChanged(topic.Id, led));
        }
        return new Decision(events.DrainToImmutable(), new ClusterCommand.RegisterBroker.Answer(clusterId, epoch));
    }

    private Decision Allocate(ClusterCommand.AllocateProducerIds command)
    {
        Invariant.Holds(command.Count > 0);
        return new Decision(
            [new MetadataEvent.ProducerIdsAllocated(command.Broker, NextProducerId + command.Count)],
            new ClusterCommand.AllocateProducerIds.Answer(NextProducerId, command.Count));
    }
}
