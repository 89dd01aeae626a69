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
    /// <summary>How often leaders are looked at, to be moved back to the preferred ones; null: never.</summary>
    public TimeSpan? RebalanceInterval { get; init; }

    /// <summary>See <see cref="LeaderImbalance"/>.</summary>
    public int ImbalancePercentage { get; init; }

    /// <summary>For how long a controller that has just started waits for brokers of which nothing is known, before it takes them
    /// to be gone.</summary>
    public TimeSpan BrokerSessionTimeout { get; init; }

    /// <summary>Who keeps the controller's journal (<c>controller.quorum.voters</c>); empty without a cluster.</summary>
    public ImmutableArray<BrokerId> Voters { get; init; } = [];

    public static ControllerPolicy From(BrokerSettings settings) => new(
        NumPartitions: settings.Int("num.partitions"),
        DefaultReplicationFactor: settings.Int("default.replication.factor"),
        DeleteTopicEnabled: settings.Bool("delete.topic.enable"),
        settings)
    {
        RebalanceInterval = settings.Bool("auto.leader.rebalance.enable")
            ? TimeSpan.FromSeconds(settings.Long("leader.imbalance.check.interval.seconds"))
            : null,
        ImbalancePercentage = settings.Int("leader.imbalance.per.broker.percentage"),
        BrokerSessionTimeout = settings.Time("broker.session.timeout.ms"),
    };
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

    public Decision Handle(ClusterCommand command, ControllerPolicy policy) =>
        ThrottleRules.AfterMoves(Image, Decide(command, policy));

    private Decision Decide(ClusterCommand command, ControllerPolicy policy) => command switch
    {
        ClusterCommand.RegisterBroker c => BrokerRules.Register(Image, c, policy),
        ClusterCommand.ChangeBroker c => BrokerRules.Change(Image, c, policy),
        ClusterCommand.DecommissionBroker c => DecommissionRules.Decommission(Image, c, policy),
        ClusterCommand.UnregisterBroker c => BrokerRules.Unregister(Image, c),
        ClusterCommand.CreateTopics c => TopicRules.Create(Image, c, policy),
        ClusterCommand.DeleteTopics c => TopicRules.Delete(Image, c, policy),
        ClusterCommand.CreatePartitions c => PartitionRules.Create(Image, c),
        ClusterCommand.ChangeConfigs c => ElectionRules.AfterConfigs(Image, ConfigRules.Change(Image, c, policy), policy),
        ClusterCommand.AlterPartition c => IsrRules.Alter(Image, c, policy),
        ClusterCommand.ReportReplicas c => OfflineRules.Report(Image, c, policy),
        ClusterCommand.ElectLeaders c => ElectionRules.Elect(Image, c, policy),
        ClusterCommand.AlterReassignments c => ReassignmentRules.Alter(Image, c, policy),
        ClusterCommand.AllocateProducerIds c => Allocate(c),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command that this version does not know."),
    };

    private Decision Allocate(ClusterCommand.AllocateProducerIds command)
    {
        Invariant.Holds(command.Count > 0);
        return new Decision(
            [new MetadataEvent.ProducerIdsAllocated(command.Broker, NextProducerId + command.Count)],
            new ClusterCommand.AllocateProducerIds.Answer(NextProducerId, command.Count));
    }
}
