using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Epochs;

/// <summary>Where a leader's term begins in a log.</summary>
public readonly record struct EpochStart(Epoch Epoch, Offset StartOffset);

/// <summary>Where a leader's term ends: the answer to OffsetForLeaderEpoch. Both none: unknown.</summary>
public readonly record struct EpochEnd(Epoch Epoch, Offset EndOffset)
{
    public static readonly EpochEnd Unknown = new(Epoch.None, Offset.None);
}

/// <summary>
/// Which leader wrote which part of a log (KIP-101, KIP-279), so that a follower finds where it departs from its leader.
/// Immutable: readers on other threads may keep one.
/// </summary>
/// <remarks>Epochs and start offsets both strictly increase.</remarks>
public sealed class LeaderEpochs
{
    public static readonly LeaderEpochs Empty = new([]);

    private LeaderEpochs(ImmutableArray<EpochStart> entries) => Entries = entries;

    public ImmutableArray<EpochStart> Entries { get; }

    public Epoch Latest => Entries.IsEmpty ? Epoch.None : Entries[^1].Epoch;

    /// <summary>Takes entries as a file gives them.</summary>
    public static LeaderEpochs Of(IEnumerable<EpochStart> entries) =>
        entries.Aggregate(Empty, (all, entry) => all.Assign(entry.Epoch, entry.StartOffset));

    /// <summary>
    /// A batch of this epoch starts at that offset. What contradicts it (later offsets, higher epochs) is dropped.
    /// </summary>
    public LeaderEpochs Assign(Epoch epoch, Offset startOffset)
    {
        if (epoch.IsNone || epoch == Latest) return this;
        var kept = Entries.Length;
        while (kept > 0 && (Entries[kept - 1].Epoch >= epoch || Entries[kept - 1].StartOffset >= startOffset)) kept--;
        return new(Entries[..kept].Add(new(epoch, startOffset)));
    }

    /// <summary>The end of an epoch's records, or of the largest epoch below it that has any.</summary>
    public EpochEnd EndOf(Epoch epoch, Offset logEndOffset)
    {
        if (epoch.IsNone || Entries.IsEmpty || epoch > Latest) return EpochEnd.Unknown;
        if (epoch == Latest) return new(epoch, logEndOffset);
        var higher = 0;
        while (Entries[higher].Epoch <= epoch) higher++;
        return new(higher == 0 ? epoch : Entries[higher - 1].Epoch, Entries[higher].StartOffset);
    }

    /// <summary>The epoch of the leader that wrote the record at an offset.</summary>
    public Epoch At(Offset offset)
    {
        for (var i = Entries.Length - 1; i >= 0; i--)
            if (Entries[i].StartOffset <= offset) return Entries[i].Epoch;
        return Epoch.None;
    }

    /// <summary>The log now ends there.</summary>
    public LeaderEpochs TruncatedTo(Offset endOffset)
    {
        var kept = Entries.Length;
        while (kept > 0 && Entries[kept - 1].StartOffset >= endOffset) kept--;
        return kept == Entries.Length ? this : new(Entries[..kept]);
    }

    /// <summary>The log now starts there: the epoch of that offset starts with it.</summary>
    public LeaderEpochs TruncatedBefore(Offset startOffset)
    {
        var dropped = 0;
        while (dropped < Entries.Length && Entries[dropped].StartOffset < startOffset) dropped++;
        if (dropped == 0) return this;
        var rest = Entries[dropped..];
        var startsThere = !rest.IsEmpty && rest[0].StartOffset == startOffset;
        return new(startsThere ? rest : rest.Insert(0, new(Entries[dropped - 1].Epoch, startOffset)));
    }
}
