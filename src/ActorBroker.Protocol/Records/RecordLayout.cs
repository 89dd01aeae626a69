namespace ActorBroker.Protocol.Records;

/// <summary>Where one record's parts lie within a batch's decompressed records. A length of -1 means null.</summary>
internal struct RecordLayout
{
    public long TimestampDeltaMs;
    public int OffsetDelta;
    public int KeyAt;
    public int KeyLength;
    public int ValueAt;
    public int ValueLength;
    public int HeaderCount;
    public int HeadersAt;
    public int End;

    /// <summary>
    /// Reads the record at <paramref name="position"/> and moves behind it. Headers are counted, not looked into.
    /// </summary>
    /// <returns><c>false</c>: no whole record with parts that fill it is there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> records, ref int position, out RecordLayout layout)
    {
        layout = default;
        if (!ZigZag.TryReadInt32(records, ref position, out var length) || length <= 0 || length > records.Length - position)
            return false;
        layout.End = position + length;
        var record = records[..layout.End];
        position++; // The record's attributes: none are defined.
        if (!ZigZag.TryReadInt64(record, ref position, out layout.TimestampDeltaMs)
            || !ZigZag.TryReadInt32(record, ref position, out layout.OffsetDelta)
            || !TryReadBytes(record, ref position, out layout.KeyAt, out layout.KeyLength)
            || !TryReadBytes(record, ref position, out layout.ValueAt, out layout.ValueLength)
            || !ZigZag.TryReadInt32(record, ref position, out layout.HeaderCount)
            || layout.HeaderCount < 0 || layout.HeaderCount > (layout.End - position) / 2
            || (layout.HeaderCount == 0 && position != layout.End)) return false;
        layout.HeadersAt = position;
        position = layout.End;
        return true;
    }

    /// <summary>Reads a length (-1: null) and skips that many bytes.</summary>
    internal static bool TryReadBytes(ReadOnlySpan<byte> bytes, ref int position, out int at, out int length)
    {
        at = 0;
        if (!ZigZag.TryReadInt32(bytes, ref position, out length)) return false;
        if (length < -1 || length > bytes.Length - position) return false;
        at = position;
        if (length > 0) position += length;
        return true;
    }
}
