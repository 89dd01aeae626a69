namespace ActorBroker.Protocol.Records;

/// <summary>One record, in the bytes of its <see cref="RecordBatchReader"/>: valid until that is disposed.</summary>
public readonly ref struct RecordView
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly RecordLayout _layout;

    internal RecordView(ReadOnlySpan<byte> records, scoped in RecordLayout layout, scoped in RecordBatchHeader batch)
    {
        _records = records;
        _layout = layout;
        Offset = batch.BaseOffset + layout.OffsetDelta;
        TimestampMs = batch.Attributes.TimestampType == TimestampType.LogAppendTime
            ? batch.MaxTimestampMs
            : unchecked(batch.BaseTimestampMs + layout.TimestampDeltaMs);
    }

    public Offset Offset { get; }

    /// <summary>Milliseconds since 1970; the batch's time where the topic's timestamps are the broker's.</summary>
    public long TimestampMs { get; }

    public int OffsetDelta => _layout.OffsetDelta;

    public bool HasKey => _layout.KeyLength >= 0;

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Key => HasKey ? _records.Slice(_layout.KeyAt, _layout.KeyLength) : default;

    /// <summary><c>false</c>: a tombstone.</summary>
    public bool HasValue => _layout.ValueLength >= 0;

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Value => HasValue ? _records.Slice(_layout.ValueAt, _layout.ValueLength) : default;

    public int HeaderCount => _layout.HeaderCount;

    /// <summary>The headers, in order; a key may occur more than once.</summary>
    public RecordHeaders Headers => new(_records[_layout.HeadersAt.._layout.End], _layout.HeaderCount);
}
