using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Which topics may be made and which may go.</summary>
internal static class TopicRules
{
    /// <summary>More partitions than this in one request would take memory that nobody meant to ask for, and make an entry of the
    /// controller's journal that is too large for a message. Kafka's limit (MAX_RECORDS_PER_USER_OP).</summary>
    public const int MaxPartitionsPerRequest = 10_000;

    public static Decision Create(MetadataImage image, ClusterCommand.CreateTopics command, ControllerPolicy policy)
    {
        var events = ImmutableArray.CreateBuilder<MetadataEvent>();
        var results = ImmutableArray.CreateBuilder<TopicResult>(command.Topics.Length);
        var left = MaxPartitionsPerRequest;
        var twice = command.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var topic in command.Topics)
        {
            ImmutableArray<MetadataEvent> made = [];
            var verdict = twice.Contains(topic.Name)
                ? new Verdict(ErrorCode.InvalidRequest, $"The request names the topic '{topic.Name}' more than once.")
                : CreateOne(image, topic, policy, out made);
            if (verdict.IsOk && (left -= PartitionsOf(made)) < 0)
                verdict = new Verdict(
                    ErrorCode.PolicyViolation,
                    $"One request makes at most {MaxPartitionsPerRequest} partitions. Ask for less at once.");
            if (!verdict.IsOk)
            {
                results.Add(new TopicResult(topic.Name, TopicId.None, verdict));
                continue;
            }
            foreach (var change in made)
            {
                image = image.Apply(change); // So that the next topic is placed, and checked for collisions, after this one.
                events.Add(change);
            }
            results.Add(new TopicResult(topic.Name, topic.Id, verdict, image.Topic(topic.Id)));
        }
        return new Decision(
            command.ValidateOnly ? [] : events.DrainToImmutable(),
            new ClusterCommand.CreateTopics.Answer(results.DrainToImmutable()));
    }

    private static int PartitionsOf(ImmutableArray<MetadataEvent> made) =>
        made.OfType<MetadataEvent.TopicCreated>().Sum(created => created.Topic.Partitions.Length);

    public static Decision Delete(MetadataImage image, ClusterCommand.DeleteTopics command, ControllerPolicy policy)
    {
        var events = ImmutableArray.CreateBuilder<MetadataEvent>();
        var results = ImmutableArray.CreateBuilder<TopicResult>(command.Topics.Length);
        foreach (var topic in command.Topics)
        {
            var found = topic.Name is null ? image.Topic(topic.Id) : image.Topic(topic.Name);
            var verdict = DeleteOne(topic, found, policy);
            if (verdict.IsOk)
            {
                var change = new MetadataEvent.TopicDeleted(found!.Id);
                image = image.Apply(change);
                events.Add(change);
            }
            results.Add(new TopicResult(topic.Name ?? found?.Name, found?.Id ?? topic.Id, verdict, verdict.IsOk ? found : null));
        }
        return new Decision(events.DrainToImmutable(), new ClusterCommand.DeleteTopics.Answer(results.DrainToImmutable()));
    }

    private static Verdict DeleteOne(TopicRef topic, TopicImage? found, ControllerPolicy policy)
    {
        if (!policy.DeleteTopicEnabled)
            return new Verdict(
                ErrorCode.TopicDeletionDisabled, "Topics can't be deleted here; set delete.topic.enable=true to allow it.");
        if (found is null && topic.Name is null)
            return new Verdict(ErrorCode.UnknownTopicId, $"No topic has the id {topic.Id}.");
        if (found is null)
            return new Verdict(ErrorCode.UnknownTopicOrPartition, $"There is no topic '{topic.Name}'.");
        return found.IsInternal
            ? new Verdict(ErrorCode.InvalidTopicException, $"'{found.Name}' is internal and can't be deleted.")
            : Verdict.Ok;
    }

    private static Verdict CreateOne(
        MetadataImage image, NewTopic topic, ControllerPolicy policy, out ImmutableArray<MetadataEvent> made)
    {
        made = [];
        if (TopicNames.Problem(topic.Name) is { } problem) return new Verdict(ErrorCode.InvalidTopicException, problem);
        if (image.Topic(topic.Name) is not null)
            return new Verdict(ErrorCode.TopicAlreadyExists, $"The topic '{topic.Name}' already exists.");
        if (Collision(image, topic.Name) is { } other)
            return new Verdict(
                ErrorCode.InvalidTopicException,
                $"The topic name '{topic.Name}' collides with '{other}': '.' and '_' count as the same.");

        var verdict = Assign(image, topic, policy, out var assignment);
        if (!verdict.IsOk) return verdict;
        verdict = ConfigRules.ForNewTopic(topic.Configs, out var configs);
        if (!verdict.IsOk) return verdict;

        Invariant.Holds(!topic.Id.IsNone && image.Topic(topic.Id) is null);
        var partitions = assignment.Select((replicas, index) => Placement.New(image, index, replicas)).ToImmutableArray();
        made = [new MetadataEvent.TopicCreated(new TopicImage(topic.Name, topic.Id, partitions))];
        if (configs.Count > 0) made = made.Add(new MetadataEvent.ConfigChanged(ConfigResource.Topic(topic.Name), configs));
        return Verdict.Ok;
    }

    private static string? Collision(MetadataImage image, string name) =>
        name.AsSpan().ContainsAny('.', '_') ? image.Topics.Keys.FirstOrDefault(other => TopicNames.Collide(name, other)) : null;

    private static Verdict Assign(
        MetadataImage image, NewTopic topic, ControllerPolicy policy, out ImmutableArray<ImmutableArray<BrokerId>> assignment)
    {
        assignment = [];
        if (!topic.Assignment.IsEmpty)
        {
            if (topic.Partitions != -1 || topic.ReplicationFactor != -1)
                return new Verdict(
                    ErrorCode.InvalidRequest,
                    "A request with a replica assignment must leave the number of partitions and the replication factor at -1.");
            if (!topic.Assignment.Keys.SequenceEqual(Enumerable.Range(0, topic.Assignment.Count)))
                return new Verdict(
                    ErrorCode.InvalidReplicaAssignment,
                    "A replica assignment must name the partitions 0, 1, 2 and so on without a gap.");
            assignment = [.. topic.Assignment.Values];
            return PartitionRules.CheckAssignment(image, assignment, assignment[0].Length);
        }

        var partitions = topic.Partitions == -1 ? policy.NumPartitions : topic.Partitions;
        if (partitions < 1)
            return new Verdict(ErrorCode.InvalidPartitions, $"A topic needs at least 1 partition, not {partitions}.");
        if (partitions > MaxPartitionsPerRequest)
            return new Verdict(
                ErrorCode.InvalidPartitions,
                $"One request makes at most {MaxPartitionsPerRequest} partitions of a topic, not {partitions}.");
        var replicas = topic.ReplicationFactor == -1 ? policy.DefaultReplicationFactor : topic.ReplicationFactor;
        if (replicas < 1)
            return new Verdict(ErrorCode.InvalidReplicationFactor, $"The replication factor must be at least 1, not {replicas}.");
        if (Placement.UsableBrokers(image) is var usable && replicas > usable)
            return new Verdict(
                ErrorCode.InvalidReplicationFactor,
                $"The replication factor {replicas} is larger than the number of brokers that are there, {usable}.");
        assignment = Placement.Place(image, [], partitions, replicas);
        return Verdict.Ok;
    }
}
