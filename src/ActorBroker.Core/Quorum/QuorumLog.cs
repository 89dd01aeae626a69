using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>A snapshot and the entries behind it, in memory: a log is as long as what changed since the last
/// snapshot.</summary>
internal sealed class QuorumLog
{
    private readonly List<QuorumEntry> _entries = [];

    public QuorumSnapshot? Snapshot { get; private set; }

    /// <summary>Of the first entry; all before it is in the snapshot.</summary>
    public Offset Start => Snapshot?.End ?? Offset.Zero;

    public Offset End => Start + _entries.Count;

    public LogTail Tail => new(EpochBefore(End), End);

    /// <summary>The newest in the log, committed or not; null in an empty log.</summary>
    public VoterSet? Voters { get; private set; }

    public QuorumEntry this[Offset offset] => _entries[checked((int)(offset - Start))];

    /// <summary>Of the entry before that offset, which may be the last one in the snapshot.</summary>
    public Epoch EpochBefore(Offset offset) =>
        offset > Start ? _entries[checked((int)(offset - Start)) - 1].Epoch
        : Snapshot is not null && offset == Start ? Snapshot.LastEpoch
        : Epoch.None;

    public void Append(QuorumEntry entry)
    {
        Invariant.Holds(entry.Epoch >= EpochBefore(End) && (entry.Voters is not null || Voters is not null));
        _entries.Add(entry);
        Voters = entry.Voters ?? Voters;
    }

    public void TruncateTo(Offset end)
    {
        Invariant.Holds(end >= Start && end <= End);
        _entries.RemoveRange(checked((int)(end - Start)), checked((int)(End - end)));
        Voters = VotersAt(end);
    }

    /// <summary>Does this log hold the very entries that the snapshot stands for?</summary>
    public bool Holds(QuorumSnapshot snapshot) =>
        snapshot.End >= Start && snapshot.End <= End && EpochBefore(snapshot.End) == snapshot.LastEpoch;

    /// <summary>Takes a snapshot in place of what it stands for. Entries behind it stay only if they are its
    /// continuation.</summary>
    public void Install(QuorumSnapshot snapshot)
    {
        Invariant.Holds(snapshot.End > Start);
        if (Holds(snapshot)) _entries.RemoveRange(0, checked((int)(snapshot.End - Start)));
        else _entries.Clear();
        Snapshot = snapshot;
        Voters = VotersAt(End);
    }

    public VoterSet? VotersAt(Offset end)
    {
        for (var i = end; i > Start; i += -1)
            if (this[i + -1].Voters is { } voters) return voters;
        return Snapshot?.Voters;
    }

    /// <summary>Entries from that offset on, up to so many bytes, but at least one if there is one.</summary>
    public ImmutableArray<QuorumEntry> From(Offset start, int maxBytes)
    {
        var from = checked((int)(start - Start));
        var to = from;
        for (long bytes = 0; to < _entries.Count; to++)
        {
            bytes += _entries[to].Event.Length;
            if (bytes > maxBytes && to > from) break;
        }
        return [.. _entries[from..to]];
    }

    public ImmutableArray<QuorumEntry> Between(Offset start, Offset end) =>
        [.. _entries[checked((int)(start - Start))..checked((int)(end - Start))]];

    /// <summary>Where the run of entries of the same epoch starts that ends at that offset.</summary>
    public Offset StartOfEpochBefore(Offset offset)
    {
        var epoch = EpochBefore(offset);
        while (offset > Start && EpochBefore(offset) == epoch) offset += -1;
        return offset;
    }
}
