using System.Buffers.Binary;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>
/// An entry of the time index: the highest timestamp up to there, and the last offset of the batch that has it.
/// </summary>
public readonly record struct TimestampOffset(long TimestampMs, Offset Offset)
{
    public static readonly TimestampOffset None = new(-1, Offset.None);
}

/// <summary>
/// The <c>.timeindex</c> of a segment: 8 bytes of timestamp, 4 bytes of offset relative to the segment's. Timestamps strictly
/// increase; a closed segment's last entry is its highest timestamp.
/// </summary>
internal sealed class TimeIndex(IndexFile file, Offset baseOffset)
{
    public const int EntryBytes = 12;

    public IndexFile File => file;

    public int Count => file.Count;

    public TimestampOffset? Last => Count is > 0 and var count ? this[count - 1] : null;

    public TimestampOffset this[int entry]
    {
        get
        {
            Span<byte> bytes = stackalloc byte[EntryBytes];
            file.Read(entry, bytes);
            return Decode(bytes, baseOffset);
        }
    }

    /// <summary>Adds the entry if its timestamp is higher than the last one's.</summary>
    public void AppendIfLater(TimestampOffset highest)
    {
        if (highest.TimestampMs < 0 || (Last is { } last && highest.TimestampMs <= last.TimestampMs)) return;
        Span<byte> bytes = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, highest.TimestampMs);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], checked((int)(highest.Offset - baseOffset)));
        file.Append(bytes);
    }

    /// <summary>The last entry at or below the timestamp.</summary>
    public TimestampOffset? AtOrBelow(long timestampMs)
    {
        var low = 0;
        for (var high = Count; low < high;)
        {
            var middle = low + (high - low) / 2;
            if (this[middle].TimestampMs <= timestampMs) low = middle + 1;
            else high = middle;
        }
        return low > 0 ? this[low - 1] : null;
    }

    /// <summary>Removes the entries that name the offset or later ones.</summary>
    public void Truncate(Offset offset)
    {
        var low = 0;
        for (var high = Count; low < high;)
        {
            var middle = low + (high - low) / 2;
            if (this[middle].Offset < offset) low = middle + 1;
            else high = middle;
        }
        file.Truncate(low);
    }

    public static TimestampOffset Decode(ReadOnlySpan<byte> entry, Offset baseOffset) => new(
        BinaryPrimitives.ReadInt64BigEndian(entry), baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[8..]));
}
