using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>How a broker is emptied: each of its replicas moves to the broker that suits best, everything else stays.</summary>
public static class DecommissionRules
{
    /// <summary>The moves that empty a broker; those that can be. Partitions that are on their way are planned again.</summary>
    /// <param name="stuck">Partitions that need more brokers than there would be.</param>
    public static ImmutableArray<Reassignment> Plan(MetadataImage image, BrokerId broker, out int stuck)
    {
        stuck = 0;
        var moves = ImmutableArray.CreateBuilder<Reassignment>();
        var chooser = new ReplicaChooser(image, [], b => b.Id != broker && !b.IsFenced && !b.IsDraining && !b.IsStopping);
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            chooser.StartTopic(topic.Partitions);
            foreach (var partition in topic.Partitions)
            {
                var target = partition.Replicas.RemoveRange(partition.Removing);
                var at = target.IndexOf(broker);
                if (at < 0) continue;
                if (chooser.Replacement(target, broker) is not { } other)
                {
                    stuck++;
                    continue;
                }
                moves.Add(new Reassignment(new TopicPartition(topic.Name, partition.Index), target.SetItem(at, other)));
            }
        }
        return moves.DrainToImmutable();
    }

    internal static Decision Decommission(MetadataImage image, ClusterCommand.DecommissionBroker command, ControllerPolicy policy)
    {
        var verdict = BrokerRules.Find(image, command.Broker, out var broker);
        if (!verdict.IsOk) return new Decision([], new ClusterCommand.DecommissionBroker.Answer(verdict, 0));
        if (policy.Voters.Contains(command.Broker))
            return new Decision([], new ClusterCommand.DecommissionBroker.Answer(
                new Verdict(
                    ErrorCode.InvalidRequest,
                    $"Broker {command.Broker} keeps the controller's journal (controller.quorum.voters), and the voters can't "
                    + "change: it has to stay. Its partitions can be moved away by reassignment."),
                0));
        var moves = Plan(image, command.Broker, out var stuck);
        if (stuck > 0)
            return new Decision([], new ClusterCommand.DecommissionBroker.Answer(
                new Verdict(
                    ErrorCode.InvalidReplicationFactor,
                    $"{stuck} partitions have as many replicas as there would be brokers. Add a broker, or lower their factor."),
                0));
        var draining = new MetadataEvent.BrokerChanged(
            broker!.Id, broker.Epoch, broker.IsFenced, broker.IsStopping, IsDraining: true);
        var moved = ReassignmentRules.Alter(image.Apply(draining), new ClusterCommand.AlterReassignments(moves), policy);
        return new Decision(
            broker.IsDraining ? moved.Events : [draining, .. moved.Events],
            new ClusterCommand.DecommissionBroker.Answer(Verdict.Ok, moves.Length));
    }
}
