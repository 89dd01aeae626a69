using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Kafka;

/// <summary>A Kafka client that does what no client should.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(IPEndPoint address)
    {
        var client = new RawClient();
        await client.Socket.ConnectAsync(address);
        return client;
    }

    public static byte[] Request<T>(ApiKey key, short version, int correlationId, T body)
        where T : IWireValue<T>
    {
        using var wire = new WireWriter();
        var start = wire.BeginFrame();
        RequestHeader.Write(wire, key, version, correlationId, "raw");
        body.Write(wire, version);
        wire.EndFrame(start);
        return wire.WrittenSpan.ToArray();
    }

    public static byte[] Produce(int correlationId, short acks = 1, int recordBytes = 10, short version = 7) =>
        Request(ApiKey.Produce, version, correlationId, new ProduceRequest
        {
            Acks = acks,
            TimeoutMs = 1000,
            TopicData = [new ProduceRequest.Topic("t", default, [new ProduceRequest.Partition(0, new byte[recordBytes])])],
        });

    public static byte[] ApiVersions(int correlationId, short version = 0) =>
        Request(ApiKey.ApiVersions, version, correlationId, new ApiVersionsRequest("raw", "1"));

    public ValueTask<int> SendAsync(params byte[][] requests) =>
        Socket.SendAsync(requests.SelectMany(r => r).ToArray().AsMemory());

    /// <summary>The next response without its size; empty when the broker closed the connection.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var size = new byte[4];
        if (!await FillAsync(size, patience.Token)) return [];
        var response = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        return await FillAsync(response, patience.Token) ? response : [];
    }

    public async Task<int> ReceiveCorrelationIdAsync() => BinaryPrimitives.ReadInt32BigEndian(await ReceiveAsync());

    public async Task<string> ReceiveCorrelationIdsAsync(int count)
    {
        var ids = new List<int>();
        for (var i = 0; i < count; i++) ids.Add(await ReceiveCorrelationIdAsync());
        return string.Join(", ", ids);
    }

    public async Task<bool> IsClosedByBrokerAsync() => (await ReceiveAsync()).Length == 0;

    public void Dispose() => Socket.Dispose();

    private async Task<bool> FillAsync(byte[] buffer, CancellationToken patience)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            int received;
            try
            {
                received = await Socket.ReceiveAsync(buffer.AsMemory(filled), patience);
            }
            catch (SocketException)
            {
                return false;
            }
            if (received == 0) return false;
            filled += received;
        }
        return true;
    }
}
