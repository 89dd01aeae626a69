using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>
/// How replicas move (KIP-455): the new ones are added, and when all of them are in sync, the old ones go. Until then it can be
/// called off, or changed to another target.
/// </summary>
internal static class ReassignmentRules
{
    public static Decision Alter(MetadataImage image, ClusterCommand.AlterReassignments command, ControllerPolicy policy)
    {
        var sweep = new PartitionSweep(image, policy);
        var results = ImmutableArray.CreateBuilder<PartitionResult>(command.Partitions.Length);
        var twice = command.Partitions.GroupBy(p => p.Partition).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        foreach (var move in command.Partitions)
        {
            var verdict = twice.Contains(move.Partition)
                ? new Verdict(ErrorCode.InvalidRequest, $"The request names {move.Partition} more than once.")
                : AlterOne(sweep, move, command.AllowReplicationFactorChange);
            results.Add(new PartitionResult(move.Partition, verdict));
        }
        return new Decision(sweep.Events, new ClusterCommand.AlterReassignments.Answer(results.DrainToImmutable()));
    }

    private static Verdict AlterOne(PartitionSweep sweep, Reassignment move, bool allowOtherFactor)
    {
        if (sweep.Image.Partition(move.Partition) is not { } now)
            return new Verdict(ErrorCode.UnknownTopicOrPartition, $"There is no partition {move.Partition}.");
        PartitionEdit? edit;
        var verdict = move.Replicas.IsDefault
            ? CallOff(now, out edit)
            : Move(sweep.Image, now, move.Replicas, allowOtherFactor, out edit);
        if (!verdict.IsOk) return verdict;
        sweep.One(sweep.Image.Topic(move.Partition.Topic)!, move.Partition.Partition, edit!);
        return Verdict.Ok;
    }

    private static Verdict CallOff(PartitionImage now, out PartitionEdit? edit)
    {
        edit = null;
        if (!now.IsMoving) return new Verdict(ErrorCode.NoReassignmentInProgress, "The partition is not being moved.");
        return Without(now, now.Adding, now.Replicas.RemoveRange(now.Adding), [], [], out edit);
    }

    private static Verdict Move(
        MetadataImage image, PartitionImage now, ImmutableArray<BrokerId> target, bool allowOtherFactor, out PartitionEdit? edit)
    {
        edit = null;
        var verdict = PartitionRules.CheckAssignment(image, [target], target.Length);
        if (!verdict.IsOk) return verdict;
        // Where the partition is if the move that is under way, if any, is called off.
        var origin = now.Replicas.RemoveRange(now.Adding);
        if (!allowOtherFactor && target.Length != origin.Length)
            return new Verdict(
                ErrorCode.InvalidReplicationFactor, $"The partition has {origin.Length} replicas, the target {target.Length}.");
        foreach (var replica in target)
            if (!now.Replicas.Contains(replica) && image.Brokers[replica].IsFenced)
                return new Verdict(
                    ErrorCode.InvalidReplicaAssignment, $"Broker {replica} is not running and could not catch up.");

        var adding = target.RemoveRange(origin);
        var removing = origin.RemoveRange(target);
        return Without(now, now.Adding.RemoveRange(target), [.. target, .. removing], adding, removing, out edit);
    }

    /// <param name="dropped">Replicas that go at once: they came with the move before.</param>
    private static Verdict Without(
        PartitionImage now, ImmutableArray<BrokerId> dropped, ImmutableArray<BrokerId> replicas, ImmutableArray<BrokerId> adding,
        ImmutableArray<BrokerId> removing, out PartitionEdit? edit)
    {
        edit = null;
        var isr = now.Isr.RemoveRange(dropped);
        // Those that are eligible may turn out to have lost something: they replace nobody who is in sync.
        var holdAll = now.Isr.IsEmpty ? now.Elr.RemoveRange(dropped) : isr;
        if (holdAll.IsEmpty && !dropped.IsEmpty)
            return new Verdict(
                ErrorCode.InvalidReplicaAssignment,
                "Only replicas that would go hold all records. Wait until others are in sync.");
        edit = new PartitionEdit(replicas, isr, adding, removing) { Offline = now.Offline };
        return Verdict.Ok;
    }
}
