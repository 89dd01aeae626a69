using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Admin;

/// <summary>Creates, changes and deletes topics at the controller.</summary>
internal sealed class TopicAdmin(KafkaClient client)
{
    private int TimeoutMs => (int)client.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>All topics, or those named.</summary>
    public Task<ClusterMetadata> ListAsync(IReadOnlyCollection<string>? names, CancellationToken cancellation) =>
        Retry.RunAsync(client.Options, token => client.RefreshAsync(names, token), cancellation);

    /// <returns>What was created, as far as the broker tells.</returns>
    /// <exception cref="KafkaException">The controller refuses.</exception>
    public Task<CreateTopicsResponse.Topic> CreateAsync(CreateTopicsRequest.Topic topic, CancellationToken cancellation) =>
        AtControllerAsync(async (connection, token) =>
        {
            var response = await connection.SendAsync(new CreateTopicsRequest([topic], TimeoutMs), token);
            foreach (var result in response.Topics) KafkaException.ThrowIfError(result.ErrorCode, result.ErrorMessage);
            return response.Topics[0];
        }, cancellation);

    public Task DeleteAsync(string name, CancellationToken cancellation) =>
        AtControllerAsync(async (connection, token) =>
        {
            var response = await connection.SendAsync(new DeleteTopicsRequest([new(name)], TimeoutMs), token);
            foreach (var result in response.Responses)
            {
                // To create a topic is retried while it is unknown; to delete one that is unknown is an answer.
                if (result.ErrorCode == ErrorCode.UnknownTopicOrPartition) throw new TopicNotFoundException(name);
                KafkaException.ThrowIfError(result.ErrorCode, result.ErrorMessage);
            }
        }, cancellation);

    /// <param name="count">The number of partitions that the topic then has.</param>
    public Task AddPartitionsAsync(string name, int count, CancellationToken cancellation) =>
        AtControllerAsync(async (connection, token) =>
        {
            var response = await connection.SendAsync(new CreatePartitionsRequest([new(name, count, null)], TimeoutMs), token);
            foreach (var result in response.Results)
            {
                if (result.ErrorCode == ErrorCode.UnknownTopicOrPartition) throw new TopicNotFoundException(name);
                KafkaException.ThrowIfError(result.ErrorCode, result.ErrorMessage);
            }
        }, cancellation);

    /// <summary>Sets and removes single keys of a topic's configuration; the others stay.</summary>
    public Task AlterConfigAsync(
        string name,
        IReadOnlyDictionary<string, string> set,
        IReadOnlyCollection<string> delete,
        CancellationToken cancellation) =>
        AtControllerAsync(async (connection, token) =>
        {
            var changes = set.Select(s => new IncrementalAlterConfigsRequest.Config(s.Key, ConfigOperation.Set, s.Value))
                .Concat(delete.Select(key => new IncrementalAlterConfigsRequest.Config(key, ConfigOperation.Delete, null)));
            var response = await connection.SendAsync(
                new IncrementalAlterConfigsRequest([new(ConfigResourceType.Topic, name, [.. changes])]), token);
            foreach (var result in response.Responses) KafkaException.ThrowIfError(result.ErrorCode, result.ErrorMessage);
        }, cancellation);

    /// <summary>What is set for each topic itself, without defaults.</summary>
    public async Task<Dictionary<string, List<DescribeConfigsResponse.Config>>> ConfigsAsync(
        IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0) return [];
        var response = await Retry.RunAsync(client.Options, async token =>
        {
            var connection = await client.AnyAsync(token);
            if (!connection.Versions.Offers(ApiKey.DescribeConfigs)) return new([]);
            return await connection.SendAsync(
                new DescribeConfigsRequest(
                    [.. names.Select(n => new DescribeConfigsRequest.Resource(ConfigResourceType.Topic, n, null))]), token);
        }, cancellation);
        return response.Results.Where(r => r.ErrorCode == ErrorCode.None).ToDictionary(
            r => r.ResourceName, r => r.Configs.Where(c => c.ConfigSource == ConfigSource.TopicConfig).ToList());
    }

    private Task AtControllerAsync(Func<KafkaConnection, CancellationToken, Task> act, CancellationToken cancellation) =>
        AtControllerAsync(async (connection, token) =>
        {
            await act(connection, token);
            return true;
        }, cancellation);

    private Task<T> AtControllerAsync<T>(
        Func<KafkaConnection, CancellationToken, Task<T>> act, CancellationToken cancellation) =>
        Retry.RunAsync(client.Options, async token => await act(await client.ControllerAsync(token), token), cancellation);
}

/// <summary>There is no topic of this name.</summary>
internal sealed class TopicNotFoundException(string topic) : Exception($"Topic {topic} does not exist");
