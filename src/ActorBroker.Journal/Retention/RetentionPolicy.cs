using ActorBroker.Protocol;

namespace ActorBroker.Journal.Retention;

/// <summary>What retention asks about a segment.</summary>
internal interface ISegmentFacts
{
    Offset BaseOffset { get; }

    long SizeBytes { get; }

    /// <summary>Its highest timestamp, or the time of its last write where records have none. May be costly.</summary>
    long AgeTimestampMs { get; }
}

/// <summary>Why segments go.</summary>
public enum RetentionReason
{
    None,

    /// <summary><c>retention.ms</c>.</summary>
    Age,

    /// <summary><c>retention.bytes</c>.</summary>
    Size,

    /// <summary>Nothing in them is at or above the log start offset.</summary>
    BelowLogStart,
}

/// <summary>Says how many of a log's oldest segments may go. Pure.</summary>
internal static class RetentionPolicy
{
    /// <param name="segments">All, oldest first; the last is the active one.</param>
    /// <param name="highWatermark">Nothing at or above it goes.</param>
    /// <returns>A number of segments from the first on; all of them only if the active one has records.</returns>
    public static (int Count, RetentionReason Reason) Expired(
        IReadOnlyList<ISegmentFacts> segments, Offset logStart, Offset logEnd, Offset highWatermark, LogConfig config, long nowMs)
    {
        var deletable = 0;
        while (deletable < segments.Count && End(segments, deletable, logEnd) <= highWatermark) deletable++;
        if (deletable == segments.Count && segments[^1].SizeBytes == 0) deletable--;

        var belowStart = 0;
        while (belowStart < Math.Min(deletable, segments.Count - 1) && End(segments, belowStart, logEnd) <= logStart)
            belowStart++;
        var (count, reason) = (belowStart, belowStart > 0 ? RetentionReason.BelowLogStart : RetentionReason.None);
        if (!config.CleanupDelete) return (count, reason);

        if (config.RetentionMs >= 0)
        {
            var old = 0;
            while (old < deletable && nowMs - segments[old].AgeTimestampMs > config.RetentionMs) old++;
            if (old > count) (count, reason) = (old, RetentionReason.Age);
        }
        if (config.RetentionBytes >= 0)
        {
            var excess = -config.RetentionBytes;
            for (var i = 0; i < segments.Count; i++) excess += segments[i].SizeBytes;
            var superfluous = 0;
            while (superfluous < deletable && excess >= segments[superfluous].SizeBytes)
                excess -= segments[superfluous++].SizeBytes;
            if (superfluous > count) (count, reason) = (superfluous, RetentionReason.Size);
        }
        return (count, reason);
    }

    private static Offset End(IReadOnlyList<ISegmentFacts> segments, int index, Offset logEnd) =>
        index + 1 < segments.Count ? segments[index + 1].BaseOffset : logEnd;
}
