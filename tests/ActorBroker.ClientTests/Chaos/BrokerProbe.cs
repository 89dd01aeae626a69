using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>Asks one broker, and no other, what it knows. Clients would turn to whichever answers.</summary>
/// <param name="broker">Where it serves clients.</param>
/// <param name="timeout">For an answer; null: a short one, of which another attempt is to be made.</param>
internal sealed class BrokerProbe(IPEndPoint broker, TimeSpan? timeout = null) : IDisposable
{
    private const short MetadataVersion = 12, ListOffsetsVersion = 6;
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _one = new(1);
    private Socket? _socket;
    private int _correlationId;

    /// <summary>All partitions of all topics as the broker sees them.</summary>
    /// <exception cref="IOException">It does not answer.</exception>
    public async Task<IReadOnlyList<PartitionView>> DescribeAsync()
    {
        var metadata = await AskAsync(new MetadataRequest { AllowAutoTopicCreation = false }, MetadataVersion);
        return
        [
            .. metadata.Topics.SelectMany(topic => topic.Partitions.Select(p => new PartitionView(
                topic.Name!, p.Index, p.LeaderId, p.LeaderEpoch, p.ReplicaNodes, p.IsrNodes))),
        ];
    }

    /// <summary>The high watermarks of those partitions that the broker leads.</summary>
    /// <exception cref="IOException">It does not answer.</exception>
    public async Task<IReadOnlyList<(TopicPartition Partition, Offset End, Epoch Epoch)>> EndsAsync(
        string topic, IEnumerable<int> partitions)
    {
        var asked = partitions.Select(p => new ListOffsetsRequest.Partition(p, Epoch.None, ListOffsetsRequest.LatestTimestamp));
        var answer = await AskAsync(new ListOffsetsRequest { Topics = [new(topic, [.. asked])] }, ListOffsetsVersion);
        return
        [
            .. answer.Topics.SelectMany(t => t.Partitions).Where(p => p.ErrorCode == ErrorCode.None)
                .Select(p => (new TopicPartition(topic, p.Index), p.Offset, p.LeaderEpoch)),
        ];
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _one.Dispose();
    }

    private async Task<TResponse> AskAsync<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        await _one.WaitAsync();
        try
        {
            using var limit = new CancellationTokenSource(_timeout);
            _socket ??= await ConnectAsync(limit.Token);
            await SendAsync(_socket, TRequest.Key, (TRequest)request, version, limit.Token);
            return Read<TResponse>(await ReceiveAsync(_socket, limit.Token), TRequest.Key, version);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException or WireException)
        {
            _socket?.Dispose();
            _socket = null;
            throw new IOException($"{broker}: {e.Message}", e);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken limit)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(broker, limit);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task SendAsync<TRequest>(Socket socket, ApiKey key, TRequest request, short version, CancellationToken limit)
        where TRequest : IWireValue<TRequest>
    {
        using var wire = new WireWriter();
        var start = wire.BeginFrame();
        RequestHeader.Write(wire, key, version, ++_correlationId, "probe");
        request.Write(wire, version);
        wire.EndFrame(start);
        for (var rest = wire.WrittenMemory; rest.Length > 0;) rest = rest[await socket.SendAsync(rest, limit)..];
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, CancellationToken limit)
    {
        var size = new byte[sizeof(int)];
        await FillAsync(socket, size, limit);
        var response = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await FillAsync(socket, response, limit);
        return response;
    }

    private static async Task FillAsync(Socket socket, Memory<byte> buffer, CancellationToken limit)
    {
        while (buffer.Length > 0)
        {
            var received = await socket.ReceiveAsync(buffer, limit);
            if (received == 0) throw new IOException("it closed the connection");
            buffer = buffer[received..];
        }
    }

    private static TResponse Read<TResponse>(byte[] response, ApiKey key, short version)
        where TResponse : IWireValue<TResponse>
    {
        var wire = new WireReader(response.AsSpan());
        ResponseHeader.Read(ref wire, key, version);
        return TResponse.Read(ref wire, version);
    }
}

/// <summary>A partition as a broker sees it.</summary>
internal sealed record PartitionView(
    string Topic, int Partition, BrokerId Leader, Epoch Epoch, BrokerId[] Replicas, BrokerId[] Isr)
{
    public override string ToString() =>
        $"{Topic}-{Partition}: {Leader} leads in epoch {Epoch}, in sync {string.Join(',', Isr)} of {string.Join(',', Replicas)}";
}
