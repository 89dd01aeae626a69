using System.Buffers;
using Akka.Remote.Wire;

namespace Akka.Remote.Outbound;

/// <summary>Encoded frames on their way to one other system. Anybody adds; one link at a time takes.</summary>
/// <remarks>
/// Small frames are written one behind the other into pooled chunks, so that a flush sends hundreds of them as one piece.
/// Of large ones only the header is; the serializer's array follows as a piece of its own. Priority frames wait apart and go
/// first. User frames are bounded by bytes, priority ones too; system frames by their association, which has each here once.
/// </remarks>
internal sealed class OutboundQueue(long maxBytes)
{
    /// <summary>Payloads from here on are sent from where they are.</summary>
    public const int LargeBytes = 4096;

    private const int ChunkBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Piece> _pieces = new();
    private readonly Queue<PriorityFrame> _priority = new();
    private byte[]? _chunk; // Being filled; _chunkStart to _chunkEnd is not among the pieces yet.
    private int _chunkStart;
    private int _chunkEnd;
    private long _bytes;
    private long _priorityBytes;
    private byte[]? _ack;
    private volatile QueueState _state = QueueState.Accepting;
    private object? _taker;

    public QueueState State => _state;
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds a user message.</summary>
    /// <param name="taker">Who is to be told that there is something to take; null: nobody takes for now.</param>
    public QueueVerdict Add(scoped in EnvelopeWriter header, byte[] payload, out object? taker)
    {
        lock (_gate)
        {
            taker = _taker;
            if (_state != QueueState.Accepting) return Refusal();
            if (_bytes + header.FrameLength > maxBytes && _bytes > 0) return QueueVerdict.Full;
            var large = payload.Length >= LargeBytes;
            var here = large ? header.HeaderLength : (int)header.FrameLength;
            if (_chunk is null || _chunk.Length - _chunkEnd < here) StartChunk(here);
            header.WriteHeader(_chunk.AsSpan(_chunkEnd));
            if (!large) payload.CopyTo(_chunk.AsSpan(_chunkEnd + header.HeaderLength));
            _chunkEnd += here;
            if (large)
            {
                _pieces.Enqueue(new Piece(_chunk!, _chunkStart, _chunkEnd - _chunkStart, GiveBack: false, IsCut: true));
                _chunkStart = _chunkEnd;
                _pieces.Enqueue(new Piece(payload, 0, payload.Length, GiveBack: false));
            }
            _bytes += header.FrameLength;
            return QueueVerdict.Added;
        }
    }

    /// <summary>Adds a message that overtakes others.</summary>
    public QueueVerdict AddPriority(byte[] frame, out object? taker)
    {
        lock (_gate)
        {
            taker = _taker;
            if (_state != QueueState.Accepting) return Refusal();
            if (_priorityBytes + frame.Length > maxBytes) return QueueVerdict.Full;
            _priorityBytes += frame.Length;
            _priority.Enqueue(new PriorityFrame(frame, null));
            return QueueVerdict.Added;
        }
    }

    /// <summary>Adds a system message, unless it waits here already.</summary>
    public void AddSystem(SystemFrame frame)
    {
        lock (_gate)
        {
            if (frame.IsQueued) return;
            frame.IsQueued = true;
            _priority.Enqueue(new PriorityFrame(frame.Bytes, frame));
        }
    }

    /// <summary>Sends an acknowledgement, instead of one that still waits.</summary>
    public void SetAck(byte[] frame)
    {
        lock (_gate) _ack = frame;
    }

    /// <summary>Moves what is to be sent next to <paramref name="batch"/>.</summary>
    /// <returns>False: nothing, or somebody else takes.</returns>
    public bool Take(object taker, Batch batch)
    {
        lock (_gate)
        {
            if (_taker != taker) return false;
            if (_ack is not null)
            {
                batch.Add(_ack);
                _ack = null;
            }
            while (!batch.IsFull && _priority.TryDequeue(out var urgent))
            {
                if (urgent.System is not null) urgent.System.IsQueued = false;
                else _priorityBytes -= urgent.Bytes.Length;
                batch.Add(urgent.Bytes);
            }
            var isCut = false; // A frame is not left to two takers.
            while ((isCut || !batch.IsFull) && _pieces.TryDequeue(out var piece))
            {
                batch.Add(piece);
                _bytes -= piece.Count;
                isCut = piece.IsCut;
            }
            if (!batch.IsFull && _chunkEnd > _chunkStart)
            {
                _bytes -= _chunkEnd - _chunkStart;
                batch.Add(new Piece(_chunk!, _chunkStart, _chunkEnd - _chunkStart, GiveBack: true));
                _chunk = null;
                _chunkStart = _chunkEnd = 0;
            }
            return !batch.IsEmpty;
        }
    }

    /// <summary>Whether <see cref="Take"/> would give something.</summary>
    public bool HasFor(object taker)
    {
        lock (_gate)
            return _taker == taker && (_ack is not null || _priority.Count > 0 || _pieces.Count > 0 || _chunkEnd > _chunkStart);
    }

    /// <summary>Keeps frames for whoever takes next; null: nobody yet.</summary>
    public void Accept(object? taker)
    {
        lock (_gate)
        {
            _state = QueueState.Accepting;
            _taker = taker;
        }
    }

    /// <summary>Takes no more.</summary>
    /// <returns>All user and priority frames that waited; system ones are their association's business.</returns>
    public List<byte[]> Refuse(QueueState state)
    {
        var left = new List<byte[]>();
        lock (_gate)
        {
            _state = state;
            _taker = null;
            _ack = null;
            while (_priority.TryDequeue(out var urgent))
            {
                if (urgent.System is not null) urgent.System.IsQueued = false;
                else left.Add(urgent.Bytes);
            }
            SealChunk();
            Piece.SplitFrames(_pieces, left);
            _pieces.Clear();
            _bytes = _priorityBytes = 0;
        }
        return left;
    }

    private QueueVerdict Refusal() => _state == QueueState.Forgotten ? QueueVerdict.Forgotten : QueueVerdict.Refused;

    private void StartChunk(int atLeast)
    {
        SealChunk();
        _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, atLeast));
    }

    private void SealChunk()
    {
        if (_chunk is not null)
            _pieces.Enqueue(new Piece(_chunk, _chunkStart, _chunkEnd - _chunkStart, GiveBack: true));
        _chunk = null;
        _chunkStart = _chunkEnd = 0;
    }

    private readonly record struct PriorityFrame(byte[] Bytes, SystemFrame? System);
}

/// <summary>Whether an <see cref="OutboundQueue"/> takes frames.</summary>
internal enum QueueState { Accepting, Refusing, Forgotten }

/// <summary>What became of a frame.</summary>
internal enum QueueVerdict { Added, Full, Refused, Forgotten }

/// <summary>A numbered message as it goes over the wire, as often as it takes.</summary>
internal sealed class SystemFrame(byte[] bytes, int seqOffset, object message, RemoteActorRef recipient)
{
    public byte[] Bytes { get; } = bytes;
    public object Message { get; } = message;
    public RemoteActorRef Recipient { get; } = recipient;

    /// <summary>Waits in a queue; that queue's to set.</summary>
    public bool IsQueued { get; set; }

    public void SetSeq(long seq) => System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(Bytes.AsSpan(seqOffset), seq);
}
