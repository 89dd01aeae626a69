using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Admin;

/// <summary>What became of one partition of a request.</summary>
/// <param name="Message">Null where there is nothing wrong.</param>
internal sealed record PartitionOutcome(TopicPartition Partition, ErrorCode Error, string? Message);

/// <summary>Asks about brokers, and about where replicas and leaders are. Any broker will do: it asks the controller.</summary>
internal sealed class ClusterAdmin(KafkaClient client)
{
    public const string MinInSyncKey = "min.insync.replicas";

    private int TimeoutMs => (int)client.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>All brokers; those that are out of reach too, where the broker that is asked can name them.</summary>
    public async Task<DescribeClusterResponse> DescribeAsync(CancellationToken cancellation)
    {
        var response = await AskAsync<DescribeClusterRequest, DescribeClusterResponse>(
            new() { IncludeFencedBrokers = true }, cancellation);
        KafkaException.ThrowIfError(response.ErrorCode, response.ErrorMessage);
        return response;
    }

    /// <summary>Replicas that may lead although they are not in sync; none where the broker does not know of such.</summary>
    /// <param name="topics">Names; empty: all topics.</param>
    public async Task<Dictionary<TopicPartition, BrokerId[]>> EligibleLeadersAsync(
        IEnumerable<string> topics, CancellationToken cancellation)
    {
        var found = new Dictionary<TopicPartition, BrokerId[]>();
        var connection = await Retry.RunAsync(client.Options, client.AnyAsync, cancellation);
        if (!connection.Versions.Offers(ApiKey.DescribeTopicPartitions)) return found;
        var request = new DescribeTopicPartitionsRequest([.. topics.Order(StringComparer.Ordinal)]);
        while (true)
        {
            var page = await AskAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(request, cancellation);
            foreach (var topic in page.Topics)
                foreach (var partition in topic.Partitions)
                    found[new TopicPartition(topic.Name!, partition.Index)] = partition.EligibleLeaderReplicas ?? [];
            if (page.NextCursor is not { } next) return found;
            request = request with { Cursor = next };
        }
    }

    /// <summary>How many replicas of each topic must be in sync, its own value or the default.</summary>
    public async Task<Dictionary<string, int>> MinInSyncAsync(IEnumerable<string> topics, CancellationToken cancellation)
    {
        var resources = topics.Select(t => new DescribeConfigsRequest.Resource(ConfigResourceType.Topic, t, [MinInSyncKey]));
        var response = await AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(new([.. resources]), cancellation);
        return response.Results.Where(r => r.ErrorCode == ErrorCode.None).ToDictionary(
            r => r.ResourceName,
            r => int.Parse(r.Configs.Single(c => c.Name == MinInSyncKey).Value!, CultureInfo.InvariantCulture));
    }

    /// <param name="partitions">Null: all; then those that need no election are not named.</param>
    public async Task<List<PartitionOutcome>> ElectAsync(
        sbyte type, IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellation)
    {
        var topics = partitions?.GroupBy(p => p.Topic, StringComparer.Ordinal)
            .Select(t => new ElectLeadersRequest.Topic(t.Key, [.. t.Select(p => p.Partition)]));
        var response = await AskAsync<ElectLeadersRequest, ElectLeadersResponse>(
            new(type, topics?.ToArray(), TimeoutMs), cancellation);
        KafkaException.ThrowIfError(response.ErrorCode);
        return [.. response.Topics.SelectMany(t => t.Partitions.Select(p =>
            new PartitionOutcome(new TopicPartition(t.Name, p.Index), p.ErrorCode, p.ErrorMessage)))];
    }

    /// <param name="moves">Where each shall be; null: its move is called off.</param>
    public async Task<List<PartitionOutcome>> ReassignAsync(
        IEnumerable<KeyValuePair<TopicPartition, BrokerId[]?>> moves, CancellationToken cancellation)
    {
        var topics = moves.GroupBy(m => m.Key.Topic, StringComparer.Ordinal)
            .Select(t => new AlterPartitionReassignmentsRequest.Topic(
                t.Key, [.. t.Select(m => new AlterPartitionReassignmentsRequest.Partition(m.Key.Partition, m.Value))]));
        var response = await AskAsync<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(
            new([.. topics], TimeoutMs), cancellation);
        KafkaException.ThrowIfError(response.ErrorCode, response.ErrorMessage);
        return [.. response.Topics.SelectMany(t => t.Partitions.Select(p =>
            new PartitionOutcome(new TopicPartition(t.Name, p.Index), p.ErrorCode, p.ErrorMessage)))];
    }

    /// <summary>What is being moved, of all topics.</summary>
    public async Task<ListPartitionReassignmentsResponse.Topic[]> MovingAsync(CancellationToken cancellation)
    {
        var response = await AskAsync<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(
            new(null, TimeoutMs), cancellation);
        KafkaException.ThrowIfError(response.ErrorCode, response.ErrorMessage);
        return response.Topics;
    }

    /// <returns>How many partitions are being moved away from the broker.</returns>
    public async Task<int> DecommissionAsync(BrokerId broker, CancellationToken cancellation)
    {
        var response = await AskAsync<DecommissionBrokerRequest, DecommissionBrokerResponse>(
            new(broker, TimeoutMs), cancellation);
        KafkaException.ThrowIfError(response.ErrorCode, response.ErrorMessage);
        return response.Moving;
    }

    private Task<TResponse> AskAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellation)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse> =>
        Retry.RunAsync(client.Options, async token =>
        {
            var connection = await client.AnyAsync(token);
            return await connection.SendAsync<TRequest, TResponse>(request, token);
        }, cancellation);
}
