using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>How full the segment is that the next batch would go to; says when that batch must start another. Pure.</summary>
/// <param name="FirstTimestampMs">
/// The first batch's highest timestamp, by which the segment's age counts; -1: it has none.
/// </param>
/// <param name="CreatedMs">The age of a segment whose records have no timestamps.</param>
internal readonly record struct SegmentFill(
    Offset BaseOffset, long SizeBytes, long FirstTimestampMs, long CreatedMs, int OffsetEntries, int TimeEntries)
{
    public bool IsEmpty => SizeBytes == 0;

    public bool MustRollBefore(in StagedBatch batch, LogConfig config, long nowMs) =>
        !IsEmpty
        && (SizeBytes + batch.SizeBytes > config.SegmentBytes
            || batch.LastOffset - BaseOffset > int.MaxValue
            || OffsetEntries >= config.SegmentIndexBytes / OffsetIndex.EntryBytes
            || TimeEntries >= config.SegmentIndexBytes / TimeIndex.EntryBytes - 1
            || AgeMs(batch, nowMs) > config.SegmentMs - JitterMs(config.SegmentJitterMs));

    public SegmentFill With(in StagedBatch batch) => this with
    {
        SizeBytes = SizeBytes + batch.SizeBytes,
        FirstTimestampMs = IsEmpty ? batch.MaxTimestampMs : FirstTimestampMs,
        // Counts the entries that the batch may get.
        OffsetEntries = OffsetEntries + 1,
        TimeEntries = TimeEntries + 1,
    };

    public static SegmentFill StartingWith(in StagedBatch batch, long nowMs) => new(batch.BaseOffset, 0, -1, nowMs, 0, 0);

    private long AgeMs(in StagedBatch batch, long nowMs) =>
        FirstTimestampMs >= 0 && batch.MaxTimestampMs >= 0 ? batch.MaxTimestampMs - FirstTimestampMs : nowMs - CreatedMs;

    /// <summary>Spreads rolls without a source of randomness.</summary>
    private long JitterMs(long maxMs) => maxMs <= 0
        ? 0
        : (long)((ulong)(BaseOffset.Value * 31 + CreatedMs) * 0x9E3779B97F4A7C15UL % (ulong)maxMs);
}

/// <summary>A batch on its way to the log.</summary>
/// <param name="StartsSegment">The active segment is closed before it.</param>
internal readonly record struct StagedBatch(
    Offset BaseOffset, Offset LastOffset, long MaxTimestampMs, int SizeBytes, bool StartsSegment = false);
