using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Elections that somebody asks for (ElectLeaders), and those that follow from configs.</summary>
internal static class ElectionRules
{
    public static Decision Elect(MetadataImage image, ClusterCommand.ElectLeaders command, ControllerPolicy policy)
    {
        var sweep = new PartitionSweep(image, policy);
        var all = command.Partitions.IsDefault;
        var partitions = all
            ? image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
                .SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.Index)))
            : command.Partitions;
        var results = ImmutableArray.CreateBuilder<PartitionResult>();
        foreach (var partition in partitions)
        {
            var verdict = ElectOne(sweep, partition, command.Type);
            if (all && verdict.Error is ErrorCode.ElectionNotNeeded) continue;
            results.Add(new PartitionResult(partition, verdict));
        }
        return new Decision(sweep.Events, new ClusterCommand.ElectLeaders.Answer(results.DrainToImmutable()));
    }

    private static Verdict ElectOne(PartitionSweep sweep, TopicPartition partition, ElectionType type)
    {
        if (sweep.Image.Partition(partition) is not { } now)
            return new Verdict(ErrorCode.UnknownTopicOrPartition, $"There is no partition {partition}.");
        var topic = sweep.Image.Topic(partition.Topic)!;
        if (type == ElectionType.Preferred)
        {
            if (now.Leader == now.Replicas[0])
                return new Verdict(ErrorCode.ElectionNotNeeded, $"Broker {now.Leader} leads {partition} already.");
            var next = sweep.One(topic, partition.Partition, PartitionEdit.Of(now) with { Preferred = true });
            return next.Leader == now.Replicas[0]
                ? Verdict.Ok
                : new Verdict(
                    ErrorCode.PreferredLeaderNotAvailable,
                    $"Broker {now.Replicas[0]} is not in sync, or not there, for {partition}.");
        }
        if (!now.Leader.IsNone) return new Verdict(ErrorCode.ElectionNotNeeded, $"Broker {now.Leader} leads {partition}.");
        var elected = sweep.One(topic, partition.Partition, PartitionEdit.Of(now) with { Unclean = true });
        return !elected.Leader.IsNone
            ? Verdict.Ok
            : new Verdict(
                ErrorCode.EligibleLeadersNotAvailable, $"None of the brokers {string.Join(", ", now.Replicas)} is there.");
    }

    /// <summary>
    /// What follows from configs that changed. A smaller <c>min.insync.replicas</c> lets a leader commit without those that are
    /// eligible, so they are not any more; that must be known before the leader hears of the config. Where unclean elections are
    /// allowed now, there are some.
    /// </summary>
    public static Decision AfterConfigs(MetadataImage image, Decision decision, ControllerPolicy policy)
    {
        var concerns = decision.Events.OfType<MetadataEvent.ConfigChanged>().Any(
            e => e.Changes.ContainsKey(TopicPolicy.MinInSyncKey) || e.Changes.ContainsKey(TopicPolicy.UncleanKey));
        if (!concerns) return decision;
        var sweep = new PartitionSweep(decision.Events.Aggregate(image, (i, e) => i.Apply(e)), policy);
        sweep.All(p => p.Leader.IsNone || !p.Elr.IsEmpty ? PartitionEdit.Of(p) : null);
        return decision with { Events = [.. decision.Events, .. sweep.Events] };
    }
}
