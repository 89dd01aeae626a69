using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Which in-sync sets leaders may have (AlterPartition).</summary>
internal static class IsrRules
{
    public static Decision Alter(MetadataImage image, ClusterCommand.AlterPartition command, ControllerPolicy policy)
    {
        if (!image.Brokers.TryGetValue(command.Broker, out var broker) || broker.Epoch != command.BrokerEpoch || broker.IsFenced)
            return new Decision([], new ClusterCommand.AlterPartition.Answer(ErrorCode.StaleBrokerEpoch, []));

        var sweep = new PartitionSweep(image, policy);
        var results = ImmutableArray.CreateBuilder<IsrResult>(command.Partitions.Length);
        foreach (var change in command.Partitions)
        {
            var topic = sweep.Image.Topic(change.Topic);
            var now = topic is not null && (uint)change.Partition < (uint)topic.Partitions.Length
                ? topic.Partitions[change.Partition]
                : null;
            var error = topic is null ? ErrorCode.UnknownTopicId
                : now is null ? ErrorCode.UnknownTopicOrPartition
                : Check(sweep.Image, now, change, command.Broker);
            if (error == ErrorCode.None)
            {
                // In the order of the replicas, so that equal sets are equal lists.
                var isr = now!.Replicas.Where(r => change.Isr.Any(i => i.Broker == r)).ToImmutableArray();
                var next = sweep.One(topic!, change.Partition, PartitionEdit.Of(now) with { Isr = isr });
                // The move of the partition is done, and the leader is one of those that go.
                if (next.Leader != now.Leader) error = ErrorCode.NewLeaderElected;
                now = next;
            }
            results.Add(new IsrResult(change.Topic, change.Partition, error, now));
        }
        return new Decision(sweep.Events, new ClusterCommand.AlterPartition.Answer(ErrorCode.None, results.DrainToImmutable()));
    }

    private static ErrorCode Check(MetadataImage image, PartitionImage now, IsrChange change, BrokerId leader)
    {
        // The leader has seen what this controller has not: it is not the controller any more.
        if (change.LeaderEpoch > now.LeaderEpoch || change.PartitionEpoch > now.PartitionEpoch) return ErrorCode.NotController;
        if (change.LeaderEpoch < now.LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
        if (leader != now.Leader) return ErrorCode.InvalidRequest;
        if (change.PartitionEpoch < now.PartitionEpoch) return ErrorCode.InvalidUpdateVersion;
        if (!change.Isr.Any(r => r.Broker == leader)) return ErrorCode.InvalidRequest;
        if (change.Isr.Select(r => r.Broker).Distinct().Count() < change.Isr.Length) return ErrorCode.InvalidRequest;
        foreach (var replica in change.Isr)
        {
            if (!now.Replicas.Contains(replica.Broker)) return ErrorCode.InvalidRequest;
            if (now.Offline.Contains(replica.Broker)) return ErrorCode.IneligibleReplica;
            if (!image.Brokers.TryGetValue(replica.Broker, out var broker)) return ErrorCode.IneligibleReplica;
            // What the leader heard may have come before the replica lost it.
            var isAnother = replica.BrokerEpoch != -1 && replica.BrokerEpoch != broker.Epoch;
            if (isAnother || (!broker.IsActive && replica.Broker != leader)) return ErrorCode.IneligibleReplica;
        }
        return ErrorCode.None;
    }
}
