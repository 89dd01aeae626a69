using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Admin;

/// <summary>Changes configs of topics and brokers while these run.</summary>
internal sealed class ConfigAdmin(KafkaClient client)
{
    /// <param name="name">The topic's, or the broker's id.</param>
    /// <exception cref="KafkaException">The controller refuses.</exception>
    public Task AlterAsync(
        ConfigResourceType type, string name, ConfigOperation operation, IEnumerable<(string Key, string Value)> configs,
        CancellationToken cancellation) => Retry.RunAsync(client.Options, async token =>
        {
            var connection = await client.ControllerAsync(token);
            var response = await connection.SendAsync(
                new IncrementalAlterConfigsRequest([new(type, name, [.. configs.Select(Edit)])]), token);
            foreach (var result in response.Responses) KafkaException.ThrowIfError(result.ErrorCode, result.ErrorMessage);
            return true;

            IncrementalAlterConfigsRequest.Config Edit((string Key, string Value) config) => new(config.Key, operation, config.Value);
        }, cancellation);
}
