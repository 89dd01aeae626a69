namespace ActorBroker.Protocol.Records;

/// <summary>One batch within a sequence of batches.</summary>
public readonly ref struct RecordBatchSlice(scoped in RecordBatchHeader header, ReadOnlySpan<byte> bytes, int position)
{
    public RecordBatchHeader Header { get; } = header;

    /// <summary>The whole batch.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Where it starts in the sequence.</summary>
    public int Position { get; } = position;
}

/// <summary>
/// The whole batches at the start of some bytes, for <c>foreach</c>: a Fetch response's records or a piece of a segment.
/// It ends before a batch that is cut, as the last one of a Fetch response may be, or that is none.
/// </summary>
public readonly ref struct RecordBatches(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public Enumerator GetEnumerator() => new(_bytes);

    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private RecordBatchHeader _header;
        private int _start;
        private int _end;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _bytes = bytes;

        public readonly RecordBatchSlice Current => new(_header, _bytes[_start.._end], _start);

        public bool MoveNext()
        {
            var rest = _bytes[_end..];
            if (!RecordBatchHeader.TryRead(rest, out _header) || _header.Magic != RecordBatchHeader.CurrentMagic
                || _header.TotalBytes < RecordBatchHeader.SizeBytes || _header.TotalBytes > rest.Length) return false;
            _start = _end;
            _end += (int)_header.TotalBytes;
            return true;
        }
    }
}
