using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>How a topic may grow. It never shrinks: records of a partition that goes would be lost.</summary>
internal static class PartitionRules
{
    public static Decision Create(MetadataImage image, ClusterCommand.CreatePartitions command)
    {
        var events = ImmutableArray.CreateBuilder<MetadataEvent>();
        var results = ImmutableArray.CreateBuilder<TopicResult>(command.Topics.Length);
        var twice = command.Topics.GroupBy(t => t.Topic, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var more in command.Topics)
        {
            MetadataEvent? change = null;
            var verdict = twice.Contains(more.Topic)
                ? new Verdict(ErrorCode.InvalidRequest, $"The request names the topic '{more.Topic}' more than once.")
                : CreateOne(image, more, out change);
            if (verdict.IsOk)
            {
                image = image.Apply(change!);
                events.Add(change!);
            }
            var topic = image.Topic(more.Topic);
            results.Add(new TopicResult(more.Topic, topic?.Id ?? TopicId.None, verdict, verdict.IsOk ? topic : null));
        }
        return new Decision(
            command.ValidateOnly ? [] : events.DrainToImmutable(),
            new ClusterCommand.CreatePartitions.Answer(results.DrainToImmutable()));
    }

    private static Verdict CreateOne(MetadataImage image, MorePartitions more, out MetadataEvent? change)
    {
        change = null;
        if (image.Topic(more.Topic) is not { } topic)
            return new Verdict(ErrorCode.UnknownTopicOrPartition, $"There is no topic '{more.Topic}'.");
        if (topic.IsInternal)
            return new Verdict(
                ErrorCode.InvalidTopicException,
                $"'{topic.Name}' is internal: its number of partitions says where each group or transaction lives.");
        var added = more.Count - topic.Partitions.Length;
        if (added < 0)
            return new Verdict(
                ErrorCode.InvalidPartitions,
                $"'{topic.Name}' has {topic.Partitions.Length} partitions and can't shrink to {more.Count}.");
        if (added == 0) return new Verdict(ErrorCode.InvalidPartitions, $"'{topic.Name}' already has {more.Count} partitions.");
        if (added > TopicRules.MaxPartitionsPerRequest)
            return new Verdict(
                ErrorCode.InvalidPartitions,
                $"One request makes at most {TopicRules.MaxPartitionsPerRequest} partitions of a topic, not {added}.");

        var assignment = more.Assignment;
        if (assignment.IsDefaultOrEmpty)
        {
            if (topic.ReplicationFactor > Placement.UsableBrokers(image))
                return new Verdict(
                    ErrorCode.InvalidReplicationFactor,
                    $"The replication factor {topic.ReplicationFactor} is larger than the number of brokers that are there.");
            assignment = Placement.Place(image, topic.Partitions, added, topic.ReplicationFactor);
        }
        else
        {
            if (assignment.Length != added)
                return new Verdict(
                    ErrorCode.InvalidReplicaAssignment, $"{added} partitions are added, but {assignment.Length} are assigned.");
            var verdict = CheckAssignment(image, assignment, topic.ReplicationFactor);
            if (!verdict.IsOk) return verdict;
        }
        change = new MetadataEvent.PartitionsAdded(
            topic.Id, [.. assignment.Select((replicas, i) => Placement.New(image, topic.Partitions.Length + i, replicas))]);
        return Verdict.Ok;
    }

    /// <summary>Whether replicas named by hand can be: registered brokers, each once in a partition, as many in
    /// each, and at least one of them running.</summary>
    public static Verdict CheckAssignment(
        MetadataImage image, ImmutableArray<ImmutableArray<BrokerId>> assignment, int replicationFactor)
    {
        foreach (var replicas in assignment)
        {
            if (replicas.IsDefaultOrEmpty)
                return new Verdict(ErrorCode.InvalidReplicaAssignment, "A partition needs at least one replica.");
            if (replicas.Length != replicationFactor)
                return new Verdict(
                    ErrorCode.InvalidReplicaAssignment,
                    $"All partitions of a topic have the same number of replicas: {replicationFactor}, not {replicas.Length}.");
            if (replicas.Distinct().Count() != replicas.Length)
                return new Verdict(
                    ErrorCode.InvalidReplicaAssignment,
                    $"A broker is named twice in the replicas {string.Join(", ", replicas)}.");
            foreach (var replica in replicas)
                if (!image.Brokers.ContainsKey(replica))
                    return new Verdict(
                        ErrorCode.InvalidReplicaAssignment,
                        $"There is no broker {replica}; there are {string.Join(", ", image.Brokers.Keys)}.");
            if (!replicas.Any(image.IsActive))
                return new Verdict(
                    ErrorCode.InvalidReplicaAssignment,
                    $"None of the brokers {string.Join(", ", replicas)} is running: nobody could lead the partition.");
        }
        return Verdict.Ok;
    }
}
