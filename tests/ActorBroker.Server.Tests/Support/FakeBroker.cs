using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;

namespace ActorBroker.Server.Tests.Support;

/// <summary>
/// A broker that answers as a test says, on a free port. What it is not told about it answers by closing the
/// connection.
/// </summary>
internal sealed class FakeBroker : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<ApiKey, Func<ReadOnlyMemory<byte>, byte[]?>> _handlers = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly Task _accepting;

    public FakeBroker()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        On<ApiVersionsRequest, ApiVersionsResponse>(_ => ApiVersionsResponse.Advertised());
        _accepting = AcceptAsync();
    }

    public HostAndPort Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);

    /// <summary>Every request that came, in order.</summary>
    public ConcurrentQueue<(ApiKey Key, short Version)> Requests { get; } = new();

    public ClientOptions ClientOptions => new([Address])
    {
        RetryBackoff = TimeSpan.FromMilliseconds(1),
        RequestTimeout = TimeSpan.FromSeconds(30),
        RetryTimeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Answers an API. Null: no answer, and the connection is closed.</summary>
    public void On<TRequest, TResponse>(Func<TRequest, TResponse?> answer)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : class, IWireValue<TResponse> =>
        OnRaw(TRequest.Key, frame =>
        {
            var wire = new WireReader(frame);
            var header = RequestHeader.Read(ref wire);
            var response = answer(TRequest.Read(ref wire, header.Version));
            if (response is null) return null;
            using var writer = new WireWriter();
            ResponseHeader.Write(writer, header.Key, header.Version, header.CorrelationId);
            response.Write(writer, header.Version);
            return writer.WrittenSpan.ToArray();
        });

    /// <summary>Answers an API by the bytes of a whole response, without its size; none: the request has no answer.</summary>
    public void OnRaw(ApiKey key, Func<ReadOnlyMemory<byte>, byte[]?> answer) => _handlers[key] = answer;

    /// <summary>One topic whose partitions this broker leads.</summary>
    public void HasTopic(string name, int partitions) => On<MetadataRequest, MetadataResponse>(_ => new()
    {
        Brokers = [new(new(1), Address.Host, Address.Port, null)],
        ClusterId = "fake",
        ControllerId = new(1),
        Topics = [new() { Name = name, Partitions = [.. Enumerable.Range(0, partitions).Select(Led)] }],
    });

    private static MetadataResponse.Partition Led(int partition) => new() { Index = partition, LeaderId = new(1) };

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _connections) connection.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptAsync(_closing.Token);
                _connections.Add(connection);
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            var size = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(size, _closing.Token);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
                await stream.ReadExactlyAsync(frame, _closing.Token);
                if (Answer(frame) is not { } answer) return;
                if (answer.Length == 0) continue;
                BinaryPrimitives.WriteInt32BigEndian(size, answer.Length);
                await stream.WriteAsync(size, _closing.Token);
                await stream.WriteAsync(answer, _closing.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went, or the test ended.
        }
    }

    private byte[]? Answer(byte[] frame)
    {
        var key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame);
        Requests.Enqueue((key, BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2))));
        return _handlers.TryGetValue(key, out var handler) ? handler(frame) : null;
    }
}
