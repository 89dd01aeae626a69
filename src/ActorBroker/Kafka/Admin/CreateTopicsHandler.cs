using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>CreateTopics: each topic is made or refused by itself.</summary>
internal sealed class CreateTopicsHandler(MetadataCache metadata, IController controller, TopicIds ids, BrokerOptions options)
    : ApiHandler<CreateTopicsRequest, CreateTopicsResponse>
{
    protected override async ValueTask<CreateTopicsResponse> HandleAsync(CreateTopicsRequest request, RequestContext context)
    {
        var topics = ImmutableArray.CreateBuilder<NewTopic>(request.Topics.Length);
        var refused = new Dictionary<int, Verdict>();
        for (var i = 0; i < request.Topics.Length; i++)
        {
            var verdict = ToNewTopic(request.Topics[i], out var topic);
            if (verdict.IsOk) topics.Add(topic!);
            else refused.Add(i, verdict);
        }

        var command = new ClusterCommand.CreateTopics(topics.DrainToImmutable(), request.ValidateOnly);
        var results = await AskAsync(command, request.TimeoutMs).ConfigureAwait(false);
        var next = 0;
        return new CreateTopicsResponse([.. request.Topics.Select((topic, i) =>
            refused.TryGetValue(i, out var verdict) ? Refused(topic.Name, verdict) : Answer(topic, results[next++]))]);
    }

    private async ValueTask<ImmutableArray<TopicResult>> AskAsync(ClusterCommand.CreateTopics command, int timeoutMs)
    {
        if (command.Topics.IsEmpty) return [];
        try
        {
            var answer = await controller.AskAsync<ClusterCommand.CreateTopics.Answer>(command, AdminTimeout.Of(timeoutMs))
                .ConfigureAwait(false);
            return answer.Topics;
        }
        catch (TimeoutException)
        {
            return [.. command.Topics.Select(t => new TopicResult(t.Name, TopicId.None, AdminTimeout.Verdict))];
        }
    }

    private Verdict ToNewTopic(CreateTopicsRequest.Topic topic, out NewTopic? made)
    {
        made = null;
        var assignment = ImmutableSortedDictionary.CreateBuilder<int, ImmutableArray<BrokerId>>();
        foreach (var (partition, brokers) in topic.Assignments)
        {
            if (!assignment.TryAdd(partition, [.. brokers]))
                return new Verdict(ErrorCode.InvalidReplicaAssignment, $"Partition {partition} is assigned more than once.");
        }
        foreach (var twice in topic.Configs.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            return new Verdict(ErrorCode.InvalidConfig, $"The config {twice.Key} is given more than once.");
        made = new NewTopic(
            topic.Name, ids.Next(), topic.NumPartitions, topic.ReplicationFactor, assignment.ToImmutable(),
            [.. topic.Configs.Select(c => KeyValuePair.Create(c.Name, c.Value))]);
        return Verdict.Ok;
    }

    private CreateTopicsResponse.Topic Answer(CreateTopicsRequest.Topic asked, TopicResult result)
    {
        if (!result.Verdict.IsOk) return Refused(asked.Name, result.Verdict);
        var overrides = asked.Configs.ToImmutableSortedDictionary(c => c.Name, c => c.Value!.Trim());
        return new CreateTopicsResponse.Topic
        {
            Name = asked.Name,
            TopicId = result.Id,
            NumPartitions = result.Topic!.Partitions.Length,
            ReplicationFactor = (short)result.Topic.ReplicationFactor,
            Configs = [.. TopicConfigs.All.Select(key =>
            {
                var entry = ConfigLayers.DescribeTopic(key, overrides, metadata.Current, options.Id, options.Settings);
                return new CreateTopicsResponse.Config(key.Name, entry.Value, entry.IsReadOnly, entry.Source, entry.IsSensitive);
            })],
        };
    }

    private static CreateTopicsResponse.Topic Refused(string name, Verdict verdict) =>
        new() { Name = name, ErrorCode = verdict.Error, ErrorMessage = verdict.Message };
}
