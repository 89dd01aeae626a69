using ActorBroker.Journal.Files;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Segments;

/// <summary>Walks over the batches of a file by their headers, without reading the records.</summary>
internal ref struct BatchCursor
{
    /// <summary>A good size of the buffer: headers of several small batches come with one read.</summary>
    public const int BufferBytes = 2048;

    private readonly ILogFile _file;
    private readonly long _end;
    private readonly Span<byte> _buffer;
    private long _bufferedAt;
    private int _buffered;
    private long _next;

    /// <param name="position">Where a batch begins.</param>
    /// <param name="end">Where the file's valid bytes end.</param>
    public BatchCursor(ILogFile file, long position, long end, Span<byte> buffer)
    {
        _file = file;
        _next = position;
        _end = end;
        _buffer = buffer;
    }

    public RecordBatchHeader Header { get; private set; }

    /// <summary>Where the batch begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the next batch begins.</summary>
    public readonly long NextPosition => _next;

    /// <summary>The bytes here cannot be a batch, or not a whole one.</summary>
    public bool IsBroken { get; private set; }

    /// <returns><c>false</c> at the end, and where <see cref="IsBroken"/>.</returns>
    public bool MoveNext()
    {
        if (_next >= _end) return false;
        if (!TryPeek(out var header))
        {
            IsBroken = true;
            return false;
        }
        Header = header;
        Position = _next;
        _next += header.TotalBytes;
        return true;
    }

    /// <summary>The header of the batch that <see cref="MoveNext"/> would move to.</summary>
    /// <returns><c>false</c>: no whole batch is there.</returns>
    public bool TryPeek(out RecordBatchHeader header)
    {
        header = default;
        return _next < _end && TryHeader(out header) && IsPlausible(header, _end - _next);
    }

    /// <summary>What every batch on disk fulfils, whatever its records are.</summary>
    public static bool IsPlausible(in RecordBatchHeader header, long bytesLeft) =>
        header.Magic == RecordBatchHeader.CurrentMagic
        && header.TotalBytes is >= RecordBatchHeader.SizeBytes and <= int.MaxValue && header.TotalBytes <= bytesLeft
        && header.BaseOffset.Value >= 0 && header.LastOffsetDelta >= 0
        && header.BaseOffset.Value <= long.MaxValue - header.LastOffsetDelta - 1
        && header.RecordCount >= 0;

    private bool TryHeader(out RecordBatchHeader header)
    {
        var within = _next - _bufferedAt;
        if (within < 0 || within + RecordBatchHeader.SizeBytes > _buffered)
        {
            _bufferedAt = _next;
            _buffered = _file.Read(_buffer[..(int)Math.Min(_buffer.Length, _end - _next)], _next);
            within = 0;
        }
        return RecordBatchHeader.TryRead(_buffer[(int)within.._buffered], out header);
    }
}
