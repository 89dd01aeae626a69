using System.Net;

namespace ActorBroker.Kafka;

/// <summary>One listener of the Kafka protocol. Keys are Kafka's where Kafka has one.</summary>
/// <param name="Name">The listener's name, for example <c>PLAINTEXT</c>.</param>
/// <param name="Address">Where it listens; port 0 takes a free one.</param>
/// <param name="Backlog"><c>socket.listen.backlog.size</c>.</param>
/// <param name="MaxRequestBytes"><c>socket.request.max.bytes</c>: a longer request closes its connection.</param>
/// <param name="ReceiveBufferBytes"><c>socket.receive.buffer.bytes</c>; -1: as the system thinks fit.</param>
/// <param name="SendBufferBytes"><c>socket.send.buffer.bytes</c>; -1: as the system thinks fit.</param>
/// <param name="MaxConnections"><c>max.connections</c> of this listener.</param>
/// <param name="MaxConnectionsPerIp"><c>max.connections.per.ip</c>.</param>
/// <param name="MaxIdle"><c>connections.max.idle.ms</c>: a connection on which nothing came for so long is closed.</param>
/// <param name="MaxQueuedBytes">
/// <c>queued.max.request.bytes</c>: large requests in memory at one time, of all connections.
/// </param>
/// <param name="MaxUnansweredRequests">
/// <c>pipelined.max.requests</c>: Produce requests of one connection that are taken before the first is answered; a power of two.
/// </param>
/// <param name="MaxUnansweredBytes">
/// <c>pipelined.max.request.bytes</c>: bytes of those requests; a single larger one is taken alone.
/// </param>
internal sealed record KafkaListenerOptions(
    string Name,
    IPEndPoint Address,
    int Backlog = 50,
    int MaxRequestBytes = 100 << 20,
    int ReceiveBufferBytes = -1,
    int SendBufferBytes = -1,
    int MaxConnections = int.MaxValue,
    int MaxConnectionsPerIp = int.MaxValue,
    TimeSpan MaxIdle = default,
    long MaxQueuedBytes = long.MaxValue,
    int MaxUnansweredRequests = 64,
    int MaxUnansweredBytes = 16 << 20)
{
    /// <summary>Ten minutes, Kafka's default, where none is given.</summary>
    public TimeSpan MaxIdle { get; init; } = MaxIdle == default ? TimeSpan.FromMinutes(10) : MaxIdle;
}
