using System.Net.Sockets;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Threads;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// The Produce requests of one connection that are not answered yet, answered in the order in which they came. Their number and
/// their bytes are bounded; an answer that the client does not read keeps its place.
/// </summary>
/// <remarks>
/// The connection's loop adds requests and kicks; one drain at a time waits for the oldest, writes it and those behind it that
/// are done, and ends when there is none. Both use the ring without a lock: only the loop moves the tail, only the drain the
/// head.
/// </remarks>
internal sealed class ProducePipeline : IDisposable
{
    /// <summary>Answers are sent together up to this size.</summary>
    private const int MaxWriteBytes = 64 << 10;

    private readonly ClientSocket _socket;
    private readonly WorkPool _pool;
    private readonly int _maxBytes;
    private readonly Action<Exception> _failed;
    private readonly WireWriter _output = new();
    private readonly AsyncSignal _answered = new();
    private readonly PendingProduce?[] _ring;
    private long _head;
    private long _tail;
    private long _unansweredBytes;
    private int _unanswered;
    private int _draining;
    private volatile bool _broken;

    /// <param name="maxRequests">A power of two.</param>
    /// <param name="failed">Told once when answers can no longer be sent.</param>
    /// <param name="pool">Where answers are written that no thread is at hand for.</param>
    public ProducePipeline(ClientSocket socket, int maxRequests, int maxBytes, Action<Exception> failed, WorkPool pool)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(maxRequests), true);
        (_socket, _maxBytes, _failed, _pool) = (socket, maxBytes, failed, pool);
        _ring = new PendingProduce[maxRequests];
    }

    /// <summary>Requests that are not answered yet.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>May another request be taken? A single one may be larger than the bound.</summary>
    public bool HasRoom => Unanswered < _ring.Length && (Unanswered == 0 || Volatile.Read(ref _unansweredBytes) < _maxBytes);

    /// <summary>The object for the next request; it takes part from <see cref="Add"/> on.</summary>
    public PendingProduce Next => _ring[_tail & (_ring.Length - 1)] ??= new PendingProduce(_pool);

    /// <summary>Adds <see cref="Next"/>, begun. It may be done already.</summary>
    public void Add()
    {
        Interlocked.Add(ref _unansweredBytes, Next.Frame.Length);
        Interlocked.Increment(ref _unanswered);
        Volatile.Write(ref _tail, _tail + 1);
    }

    /// <summary>Answers what is done, now; what is not, when it is.</summary>
    public void Kick()
    {
        if (Unanswered > 0 && Interlocked.Exchange(ref _draining, 1) == 0) _ = DrainAsync();
    }

    /// <summary>Returns when another request was answered.</summary>
    public ValueTask AnsweredAsync() => _answered.WaitAsync();

    /// <summary>Returns when all requests are answered.</summary>
    public async ValueTask EmptyAsync()
    {
        while (Unanswered > 0)
        {
            Kick();
            await _answered.WaitAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _output.Dispose();

    private async Task DrainAsync()
    {
        do
        {
            while (_head != Volatile.Read(ref _tail)) await AnswerSomeAsync().ConfigureAwait(false);
            Volatile.Write(ref _draining, 0);
        }
        while (_head != Volatile.Read(ref _tail) && Interlocked.Exchange(ref _draining, 1) == 0);
    }

    private async ValueTask AnswerSomeAsync()
    {
        var oldest = _ring[_head & (_ring.Length - 1)]!;
        if (!oldest.IsDone) await oldest.DoneAsync().ConfigureAwait(false);
        var requests = 0;
        long bytes = 0;
        for (; _head != Volatile.Read(ref _tail) && _output.Length < MaxWriteBytes; _head++, requests++)
        {
            var request = _ring[_head & (_ring.Length - 1)]!;
            if (!request.IsDone) break;
            bytes += request.Frame.Length;
            Write(request);
            request.End();
        }
        if (_output.Length > 0) await SendAsync().ConfigureAwait(false);
        Interlocked.Add(ref _unansweredBytes, -bytes);
        Interlocked.Add(ref _unanswered, -requests);
        _answered.Set();
    }

    private void Write(PendingProduce request)
    {
        if (_broken) return;
        if (request.Acks != 0) request.WriteResponse(_output);
        else if (request.FirstError() is var error and not ErrorCode.None)
        {
            // The client asked for no answer: closing is the only way to tell it.
            Break(new FrameException($"produce with acks=0 failed: {error}"));
        }
    }

    private async ValueTask SendAsync()
    {
        try
        {
            if (!_broken) await _socket.SendAllAsync(_output.WrittenMemory).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Break(e);
        }
        _output.Clear();
    }

    private void Break(Exception why)
    {
        if (_broken) return;
        _broken = true;
        _failed(why);
    }
}
