using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Admin;

/// <summary>Asks brokers about their data directories: each about its own.</summary>
internal sealed class LogDirsAdmin(KafkaClient client)
{
    /// <param name="brokers">Null: all that can be reached.</param>
    /// <param name="topics">Null: all.</param>
    public async Task<List<(BrokerId Broker, DescribeLogDirsResponse.Result[] Directories)>> DescribeAsync(
        BrokerId[]? brokers, string[]? topics, CancellationToken cancellation)
    {
        var metadata = await Retry.RunAsync(client.Options, token => client.RefreshAsync(topics, token), cancellation);
        var asked = topics is null
            ? null
            : metadata.Response.Topics.Where(t => t.Name is not null).Select(t => new DescribeLogDirsRequest.Topic(
                t.Name!, [.. t.Partitions.Select(p => p.Index)])).ToArray();
        var found = new List<(BrokerId, DescribeLogDirsResponse.Result[])>();
        foreach (var broker in brokers ?? [.. metadata.Response.Brokers.Select(b => b.NodeId).Order()])
        {
            var response = await Retry.RunAsync(client.Options, async token =>
            {
                var connection = await client.BrokerAsync(broker, Purpose.General, token);
                return await connection.SendAsync(new DescribeLogDirsRequest(asked), token);
            }, cancellation);
            KafkaException.ThrowIfError(response.ErrorCode);
            found.Add((broker, response.Results));
        }
        return found;
    }
}
