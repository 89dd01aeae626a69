namespace ActorBroker.Protocol.Records;

/// <summary>One header (KIP-82).</summary>
public readonly ref struct RecordHeaderView(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
{
    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public bool HasValue { get; } = hasValue;
}

/// <summary>A record's headers, for <c>foreach</c>.</summary>
public readonly ref struct RecordHeaders
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _count;

    internal RecordHeaders(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        _count = count;
    }

    public Enumerator GetEnumerator() => new(_bytes, _count);

    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private int _left;
        private int _position;

        internal Enumerator(ReadOnlySpan<byte> bytes, int count)
        {
            _bytes = bytes;
            _left = count;
        }

        public RecordHeaderView Current { get; private set; }

        /// <exception cref="RecordFormatException">The record's headers are not what its length says.</exception>
        public bool MoveNext()
        {
            if (_left == 0)
                return _position == _bytes.Length ? false : throw Malformed();
            _left--;
            if (!RecordLayout.TryReadBytes(_bytes, ref _position, out var keyAt, out var keyLength) || keyLength < 0
                || !RecordLayout.TryReadBytes(_bytes, ref _position, out var valueAt, out var valueLength)) throw Malformed();
            Current = new(
                _bytes.Slice(keyAt, keyLength), valueLength < 0 ? default : _bytes.Slice(valueAt, valueLength), valueLength >= 0);
            return true;
        }

        private static RecordFormatException Malformed() => new(ErrorCode.InvalidRecord, "A record's headers are malformed");
    }
}
