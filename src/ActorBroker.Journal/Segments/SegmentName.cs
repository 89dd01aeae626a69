using System.Globalization;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>Names of the files of a partition: an offset in 20 digits, and a suffix that says what is in it.</summary>
public static class SegmentName
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";

    /// <summary>Producer states; the offset is the one after the last that they cover.</summary>
    public const string ProducerSnapshot = ".snapshot";

    /// <summary>Appended to all files of a segment that is on its way out.</summary>
    public const string Deleted = ".deleted";

    /// <summary>Written by compaction; not yet complete.</summary>
    public const string Cleaned = ".cleaned";

    /// <summary>Written by compaction; complete, to replace the segments that it covers.</summary>
    public const string Swap = ".swap";

    private const int Digits = 20;

    /// <summary>The suffixes of one segment's files.</summary>
    internal static readonly string[] OfSegment = [Log, OffsetIndex, TimeIndex, TransactionIndex];

    public static string Of(Offset offset, string suffix) => offset.Value.ToString("D20", CultureInfo.InvariantCulture) + suffix;

    /// <summary>Takes a name apart: <c>00000000000000000020.log.deleted</c> is 20 and <c>.log.deleted</c>.</summary>
    public static bool TryParse(string name, out Offset offset, out string suffix)
    {
        offset = Offset.None;
        suffix = "";
        if (name.Length <= Digits || name[Digits] != '.') return false;
        if (!long.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        offset = new(value);
        suffix = name[Digits..];
        return true;
    }
}
