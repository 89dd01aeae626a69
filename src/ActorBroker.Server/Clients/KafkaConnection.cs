using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Reflection;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients;

/// <summary>
/// One connection to one broker. Requests may overlap: each has a correlation id, and a loop hands each answer to who
/// waits for it. When the connection breaks, all that wait fail, and the connection stays broken.
/// </summary>
internal sealed class KafkaConnection : IAsyncDisposable
{
    private const int MaxResponseBytes = 512 << 20;

    private static readonly ApiVersionsRequest Greeting = new("actorbroker", SoftwareVersion());

    private readonly Socket _socket;
    private readonly ClientOptions _options;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly WireWriter _writer = new(); // owned by who holds _sending
    private readonly ConcurrentDictionary<int, TaskCompletionSource<byte[]>> _waiting = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _receiving;
    private BrokerVersions? _versions;
    private volatile Exception? _failure;
    private int _correlationId;

    private KafkaConnection(HostAndPort address, Socket socket, ClientOptions options)
    {
        Address = address;
        _socket = socket;
        _options = options;
        _receiving = ReceiveAsync();
    }

    public HostAndPort Address { get; }

    public bool IsBroken => _failure is not null;

    public BrokerVersions Versions => _versions ?? throw new InvalidOperationException("Not connected yet");

    /// <summary>Connects and learns which versions the broker speaks.</summary>
    /// <exception cref="IOException">No broker answers there.</exception>
    public static async Task<KafkaConnection> ConnectAsync(
        HostAndPort address, ClientOptions options, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = new CancellationTokenSource(options.ConnectTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"No connection to {address}: {(e is SocketException ? e.Message : "no answer")}", e);
        }

        var connection = new KafkaConnection(address, socket, options);
        try
        {
            connection._versions = await connection.AskVersionsAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request in the highest version that both sides know, and waits for its answer.</summary>
    /// <param name="maxVersion">The highest version wanted.</param>
    /// <param name="timeout">Time that the broker may take; <see cref="ClientOptions.RequestTimeout"/> if none is given.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">What answers there is no Kafka broker.</exception>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="KafkaException">No version in common.</exception>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        IRequest<TRequest, TResponse> request,
        CancellationToken cancellation,
        short maxVersion = short.MaxValue,
        TimeSpan? timeout = null)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        var version = Versions.Pick(TRequest.Key, maxVersion);
        var frame = await ExchangeAsync(TRequest.Key, version, request.Write, timeout ?? _options.RequestTimeout, cancellation);
        try
        {
            var wire = new WireReader((ReadOnlyMemory<byte>)frame);
            ResponseHeader.Read(ref wire, TRequest.Key, version);
            return TResponse.Read(ref wire, version);
        }
        catch (WireException e)
        {
            throw NotKafka(e);
        }
    }

    /// <summary>Sends a request that the broker does not answer: Produce with acks 0.</summary>
    public async Task SendOneWayAsync<TRequest, TResponse>(
        IRequest<TRequest, TResponse> request, CancellationToken cancellation, short maxVersion = short.MaxValue)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        var version = Versions.Pick(TRequest.Key, maxVersion);
        await WriteAsync(TRequest.Key, version, Interlocked.Increment(ref _correlationId), request.Write, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closing.IsCancellationRequested)
        {
            await _closing.CancelAsync();
            _socket.Dispose();
        }
        await _receiving;
    }

    private async Task<BrokerVersions> AskVersionsAsync(CancellationToken cancellation)
    {
        const short Preferred = 3;
        var response = await AskVersionsAsync(Preferred, cancellation);
        if (response.ErrorCode == ErrorCode.UnsupportedVersion)
        {
            var range = Array.Find(response.ApiKeys, a => a.ApiKey == ApiKey.ApiVersions);
            response = await AskVersionsAsync(Math.Min(range.MaxVersion, Preferred), cancellation);
        }
        KafkaException.ThrowIfError(response.ErrorCode);
        return new(response);
    }

    private async Task<ApiVersionsResponse> AskVersionsAsync(short version, CancellationToken cancellation)
    {
        var frame = await ExchangeAsync(ApiKey.ApiVersions, version, Greeting.Write, _options.RequestTimeout, cancellation);
        try
        {
            var wire = new WireReader((ReadOnlyMemory<byte>)frame);
            ResponseHeader.Read(ref wire, ApiKey.ApiVersions, version);
            var peek = wire;
            if (peek.ErrorCode() == ErrorCode.UnsupportedVersion && version > 0) return ReadRefusal(ref wire);
            return ApiVersionsResponse.Read(ref wire, version);
        }
        catch (WireException e)
        {
            throw NotKafka(e);
        }
    }

    /// <summary>
    /// A refused version is answered in version 0, with the versions that there are. Some brokers say nothing useful:
    /// then 0 it is.
    /// </summary>
    private static ApiVersionsResponse ReadRefusal(ref WireReader wire)
    {
        try
        {
            return ApiVersionsResponse.Read(ref wire, 0);
        }
        catch (WireException)
        {
            return new() { ErrorCode = ErrorCode.UnsupportedVersion };
        }
    }

    private async Task<byte[]> ExchangeAsync(
        ApiKey key, short version, Action<WireWriter, short> body, TimeSpan timeout, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _correlationId);
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            if (_failure is InvalidDataException) throw _failure;
            if (_failure is { } failure) throw new IOException(failure.Message, failure);
            await WriteAsync(key, version, id, body, cancellation);
            return await answer.Task.WaitAsync(timeout, _options.Time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Address} did not answer {key} within {timeout.TotalSeconds:0.#} s");
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private async Task WriteAsync(
        ApiKey key, short version, int id, Action<WireWriter, short> body, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            _writer.Clear();
            var frame = _writer.BeginFrame();
            RequestHeader.Write(_writer, key, version, id, _options.ClientId);
            body(_writer, version);
            _writer.EndFrame(frame);
            // Not the caller's token: half a frame would leave the connection useless.
            for (var rest = _writer.WrittenMemory; rest.Length > 0;)
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None, _closing.Token)..];
        }
        catch (
            Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException
                && !cancellation.IsCancellationRequested)
        {
            throw Fail(new IOException($"The connection to {Address} broke: {e.Message}", e));
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        var size = new byte[sizeof(int)];
        try
        {
            while (true)
            {
                await ReadExactlyAsync(size);
                var length = BinaryPrimitives.ReadInt32BigEndian(size);
                if (length is < sizeof(int) or > MaxResponseBytes) throw NotKafka(null);
                var frame = new byte[length];
                await ReadExactlyAsync(frame);
                // One whose caller gave up is not in there any more.
                if (_waiting.TryRemove(BinaryPrimitives.ReadInt32BigEndian(frame), out var answer)) answer.TrySetResult(frame);
            }
        }
        catch (InvalidDataException)
        {
            // Said to all that wait.
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            Fail(e as IOException ?? new IOException($"The connection to {Address} broke: {e.Message}", e));
        }
    }

    private async ValueTask ReadExactlyAsync(Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var read = await _socket.ReceiveAsync(buffer, SocketFlags.None, _closing.Token);
            if (read == 0) throw new IOException($"{Address} closed the connection");
            buffer = buffer[read..];
        }
    }

    private InvalidDataException NotKafka(WireException? cause) =>
        Fail(
            new InvalidDataException(
                $"{Address} does not speak Kafka's protocol{(cause is null ? "" : $": {cause.Message}")}", cause));

    private T Fail<T>(T error)
        where T : Exception
    {
        _failure ??= error;
        foreach (var id in _waiting.Keys)
            if (_waiting.TryRemove(id, out var answer)) answer.TrySetException(error);
        return error;
    }

    private static string SoftwareVersion() => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";
}
