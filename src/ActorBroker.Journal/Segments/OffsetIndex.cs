using System.Buffers.Binary;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>An entry of the offset index: a batch's last offset and where the batch begins.</summary>
public readonly record struct OffsetPosition(Offset LastOffset, long Position);

/// <summary>
/// The <c>.index</c> of a segment: 4 bytes of offset relative to the segment's, 4 bytes of position, one entry for a batch
/// about every <c>index.interval.bytes</c>. The first batch has none: a lookup below all entries starts at position 0.
/// </summary>
internal sealed class OffsetIndex(IndexFile file, Offset baseOffset)
{
    public const int EntryBytes = 8;
    private const int ScanEntries = 128;

    public IndexFile File => file;

    public int Count => file.Count;

    public OffsetPosition? Last => Count is > 0 and var count ? this[count - 1] : null;

    public OffsetPosition this[int entry]
    {
        get
        {
            Span<byte> bytes = stackalloc byte[EntryBytes];
            file.Read(entry, bytes);
            return Decode(bytes, baseOffset);
        }
    }

    public void Append(Offset lastOffset, long position)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt32BigEndian(bytes, checked((int)(lastOffset - baseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], checked((int)position));
        file.Append(bytes);
    }

    /// <summary>The last entry at or below the offset.</summary>
    public OffsetPosition? AtOrBelow(Offset offset) => LastWhere(new BelowOffset(offset));

    /// <summary>The last entry whose batch begins at or before the position.</summary>
    public OffsetPosition? AtOrBefore(long position) => LastWhere(new BeforePosition(position));

    /// <summary>Removes the entries of batches that end at or after the offset.</summary>
    public void Truncate(Offset offset) => file.Truncate(CountWhere(new BelowOffset(new(offset.Value - 1)), file.Count));

    public static OffsetPosition Decode(ReadOnlySpan<byte> entry, Offset baseOffset) => new(
        baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));

    private OffsetPosition? LastWhere<TCondition>(TCondition condition) where TCondition : struct, ICondition =>
        CountWhere(condition, file.Count) is > 0 and var count ? this[count - 1] : null;

    /// <summary>
    /// How many entries, from the first on, fulfil the condition: single probes, then one read of the remaining few. What is
    /// read most, the log's end, is in memory.
    /// </summary>
    private int CountWhere<TCondition>(TCondition condition, int count) where TCondition : struct, ICondition
    {
        var low = 0;
        var high = count;
        if (file.FirstInMemory is > 0 and var inMemory && inMemory < count)
        {
            if (condition.Holds(this[inMemory])) low = inMemory;
            else high = inMemory;
        }
        while (high - low > ScanEntries)
        {
            var middle = low + (high - low) / 2;
            if (condition.Holds(this[middle])) low = middle + 1;
            else high = middle;
        }
        Span<byte> entries = stackalloc byte[ScanEntries * EntryBytes];
        entries = entries[..((high - low) * EntryBytes)];
        file.Read(low, entries);
        for (; low < high && condition.Holds(Decode(entries, baseOffset)); low++) entries = entries[EntryBytes..];
        return low;
    }

    private interface ICondition
    {
        bool Holds(OffsetPosition entry);
    }

    private readonly struct BelowOffset(Offset offset) : ICondition
    {
        public bool Holds(OffsetPosition entry) => entry.LastOffset <= offset;
    }

    private readonly struct BeforePosition(long position) : ICondition
    {
        public bool Holds(OffsetPosition entry) => entry.Position <= position;
    }
}
