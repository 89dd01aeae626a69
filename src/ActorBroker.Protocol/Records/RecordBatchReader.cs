using ActorBroker.Protocol.Records.Compression;

namespace ActorBroker.Protocol.Records;

/// <summary>
/// One batch's records, for <c>foreach</c>. Uncompressed records are read where they lie; others are decompressed into a
/// pooled buffer, which <see cref="Dispose"/> returns. The CRC is not checked here: <see cref="RecordBatchValidator"/> does.
/// </summary>
public readonly ref struct RecordBatchReader
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly PooledBuffer? _decompressed;
    private readonly RecordBatchHeader _header;

    private RecordBatchReader(scoped in RecordBatchHeader header, ReadOnlySpan<byte> records, PooledBuffer? decompressed)
    {
        _header = header;
        _records = records;
        _decompressed = decompressed;
    }

    public RecordBatchHeader Header => _header;

    /// <param name="batch">The whole batch; what follows it is ignored.</param>
    /// <param name="maxDecompressedBytes">Bound on the records' size; a compressed batch that holds more is refused.</param>
    /// <exception cref="RecordFormatException">No whole batch of version 2, not decompressible, or larger than the
    /// bound.</exception>
    public static RecordBatchReader Open(ReadOnlySpan<byte> batch, int maxDecompressedBytes)
    {
        if (!RecordBatchHeader.TryRead(batch, out var header))
            throw new RecordFormatException(ErrorCode.CorruptMessage, $"{batch.Length} bytes are less than a batch header");
        if (header.Magic != RecordBatchHeader.CurrentMagic)
            throw new RecordFormatException(
                ErrorCode.UnsupportedForMessageFormat, $"Message format {header.Magic} is not supported");
        if (header.TotalBytes < RecordBatchHeader.SizeBytes || header.TotalBytes > batch.Length)
            throw new RecordFormatException(
                ErrorCode.CorruptMessage, $"The batch says that it has {header.TotalBytes} bytes, not {batch.Length}");

        var records = batch[RecordBatchHeader.SizeBytes..(int)header.TotalBytes];
        if (header.Attributes.Codec == CompressionCodec.None || header.RecordCount == 0)
            return new(header, records, null);

        var buffer = new PooledBuffer(maxDecompressedBytes);
        try
        {
            Compressors.For(header.Attributes.Codec).Decompress(records, buffer);
            return new(header, buffer.WrittenSpan, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public Enumerator GetEnumerator() => new(_header, _records);

    /// <summary>Returns the pooled buffer; records and their spans are invalid from then on. Call it once.</summary>
    public void Dispose() => _decompressed?.Dispose();

    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _records;
        private readonly RecordBatchHeader _header;
        private RecordLayout _layout;
        private int _position;
        private int _read;

        internal Enumerator(scoped in RecordBatchHeader header, ReadOnlySpan<byte> records)
        {
            _header = header;
            _records = records;
        }

        public readonly RecordView Current => new(_records, _layout, _header);

        /// <exception cref="RecordFormatException">The bytes are not as many whole records as the header says.</exception>
        public bool MoveNext()
        {
            if (_read == _header.RecordCount)
                return _position == _records.Length
                    ? false
                    : throw new RecordFormatException(
                        ErrorCode.InvalidRecord, $"{_records.Length - _position} bytes follow the last record");
            if (!RecordLayout.TryRead(_records, ref _position, out _layout))
                throw new RecordFormatException(ErrorCode.InvalidRecord, $"Record {_read} of {_header.RecordCount} is malformed");
            _read++;
            return true;
        }
    }
}
