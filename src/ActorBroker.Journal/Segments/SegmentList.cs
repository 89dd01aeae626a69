using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>A log's segments by base offset, the last being the active one. Immutable: the owner publishes a new list.</summary>
internal sealed class SegmentList(ImmutableArray<LogSegment> segments)
{
    public ImmutableArray<LogSegment> All => segments;

    public LogSegment Active => segments[^1];

    public int Count => segments.Length;

    /// <summary>The index of the segment that contains the offset or would; 0 if it is below all.</summary>
    public int IndexOf(Offset offset)
    {
        var low = 0;
        for (var high = segments.Length; high - low > 1;)
        {
            var middle = low + (high - low) / 2;
            if (segments[middle].BaseOffset <= offset) low = middle;
            else high = middle;
        }
        return low;
    }

    public SegmentList With(LogSegment newest) => new(segments.Add(newest));

    public SegmentList From(int index) => new(segments[index..]);

    public SegmentList UpTo(int count) => new(segments[..count]);
}
