using ActorBroker.Core.Configs;

namespace ActorBroker.Replicas.Fetching;

/// <summary>How replicas are copied from their leaders.</summary>
/// <param name="PartitionBytes"><c>replica.fetch.max.bytes</c>.</param>
/// <param name="ResponseBytes"><c>replica.fetch.response.max.bytes</c>.</param>
/// <param name="MaxFrameBytes">Nothing larger is taken for an answer: that, and a batch as large as a request can be.</param>
/// <param name="Wait"><c>replica.fetch.wait.max.ms</c>.</param>
/// <param name="Backoff"><c>replica.fetch.backoff.ms</c>.</param>
/// <param name="SocketTimeout"><c>replica.socket.timeout.ms</c>.</param>
/// <param name="ReceiveBufferBytes"><c>replica.socket.receive.buffer.bytes</c>; null: as the system has it.</param>
/// <param name="Listener"><c>inter.broker.listener.name</c>: where other brokers are reached; empty: their first.</param>
internal sealed record FetchOptions(
    string ClientId, int PartitionBytes, int ResponseBytes, long MaxFrameBytes, int MinBytes, TimeSpan Wait, TimeSpan Backoff,
    TimeSpan SocketTimeout, int? ReceiveBufferBytes, string Listener)
{
    public static FetchOptions From(BrokerSettings settings) => new(
        ClientId: $"broker-{settings.Int("broker.id")}-fetcher",
        PartitionBytes: settings.Int("replica.fetch.max.bytes"),
        ResponseBytes: settings.Int("replica.fetch.response.max.bytes"),
        MaxFrameBytes: (long)settings.Int("replica.fetch.response.max.bytes") + settings.Int("socket.request.max.bytes"),
        MinBytes: settings.Int("replica.fetch.min.bytes"),
        Wait: settings.Time("replica.fetch.wait.max.ms"),
        Backoff: settings.Time("replica.fetch.backoff.ms"),
        SocketTimeout: settings.Time("replica.socket.timeout.ms"),
        ReceiveBufferBytes: settings.Int("replica.socket.receive.buffer.bytes") is var bytes && bytes > 0 ? bytes : null,
        Listener: settings["inter.broker.listener.name"] ?? "");
}
