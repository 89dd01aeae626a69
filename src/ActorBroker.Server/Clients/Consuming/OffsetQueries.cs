using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>Asks the leaders of partitions for offsets: the first, the next, or the first at a time.</summary>
internal static class OffsetQueries
{
    /// <summary>Special "timestamps" of ListOffsets.</summary>
    public const long Latest = -1;
    public const long Earliest = -2;

    /// <param name="wanted">A timestamp, <see cref="Latest"/> or <see cref="Earliest"/> for each partition.</param>
    /// <returns><see cref="Offset.None"/> where no record is as late as the timestamp.</returns>
    /// <exception cref="KafkaException">A partition does not exist, or has had no leader for too long.</exception>
    public static async Task<Dictionary<TopicPartition, Offset>> ListAsync(
        KafkaClient client,
        IReadOnlyDictionary<TopicPartition, long> wanted,
        CancellationToken cancellation,
        IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        if (wanted.Count == 0) return [];
        var topics = wanted.Keys.Select(p => p.Topic).Distinct().ToArray();
        return await Retry.RunAsync(client.Options, async token =>
        {
            var metadata = await client.RefreshAsync(topics, token);
            foreach (var topic in topics) metadata.RequireTopic(topic);
            var parts = await Task.WhenAll(wanted.GroupBy(w => metadata.LeaderOf(w.Key))
                .Select(byLeader => AskAsync(client, byLeader.Key, byLeader, isolation, token)));
            return parts.SelectMany(p => p).ToDictionary();
        }, cancellation);
    }

    private static async Task<Dictionary<TopicPartition, Offset>> AskAsync(
        KafkaClient client, BrokerId leader, IEnumerable<KeyValuePair<TopicPartition, long>> wanted, IsolationLevel isolation,
        CancellationToken cancellation)
    {
        if (leader.IsNone) throw new KafkaException(ErrorCode.LeaderNotAvailable, $"{wanted.First().Key} has no leader");
        var connection = await client.BrokerAsync(leader, Purpose.General, cancellation);
        var response = await connection.SendAsync(
            new ListOffsetsRequest
            {
                IsolationLevel = isolation,
                TimeoutMs = (int)client.Options.RequestTimeout.TotalMilliseconds,
                Topics = [.. wanted.GroupBy(w => w.Key.Topic).Select(topic => new ListOffsetsRequest.Topic(
                    topic.Key, [.. topic.Select(w => new ListOffsetsRequest.Partition(w.Key.Partition, Epoch.None, w.Value))]))],
            },
            cancellation);
        var offsets = new Dictionary<TopicPartition, Offset>();
        foreach (var topic in response.Topics)
            foreach (var partition in topic.Partitions)
            {
                KafkaException.ThrowIfError(
                    partition.ErrorCode, $"{topic.Name}-{partition.Index}: {ErrorTexts.SentenceOf(partition.ErrorCode)}");
                offsets[new(topic.Name, partition.Index)] = partition.Offset;
            }
        return offsets;
    }
}
