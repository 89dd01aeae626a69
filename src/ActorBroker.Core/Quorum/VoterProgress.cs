using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>What a proposer knows of one voter in its epoch. One request is on its way at a time: what is appended meanwhile goes
/// with the next one.</summary>
internal sealed class VoterProgress(BrokerId id)
{
    public BrokerId Id { get; } = id;

    /// <summary>The disk that answered; null: none yet in this epoch.</summary>
    public UInt128? Disk { get; private set; }

    /// <summary>That it has entries of, as far as it said in this epoch; 0: none.</summary>
    public UInt128 Journal { get; private set; }

    public bool IsConfirmed { get; private set; }

    public Offset SnapshotEnd { get; private set; }

    /// <summary>Its log is like the proposer's up to here.</summary>
    public Offset Match { get; private set; }

    /// <summary>Where the next entries start.</summary>
    public Offset Next { get; set; }

    /// <summary>The snapshot that it is being sent, and where its next part starts.</summary>
    public (Offset End, int Position) Snapshot { get; set; }

    /// <summary>What it was last told to be committed.</summary>
    public Offset ToldCommitted { get; set; }

    /// <summary>The last promise of this epoch.</summary>
    public QuorumAnswer.Promised? Promise { get; set; }

    /// <summary>Number of the request whose answer is awaited; 0: none.</summary>
    public long Awaited { get; set; }

    public TimeSpan SentAt { get; set; }

    public void StartEpoch()
    {
        (Disk, Journal, IsConfirmed, Promise, Awaited) = (null, UInt128.Zero, false, null, 0);
        Snapshot = (Offset.None, 0);
        SnapshotEnd = Match = Next = ToldCommitted = Offset.Zero;
    }

    /// <summary>Takes note of who answers.</summary>
    /// <returns><c>false</c>: an answer of a disk that is gone, or that came so late that it may be of one.</returns>
    public bool Heard(QuorumAnswer answer)
    {
        var voter = answer.Voter;
        if (Disk != voter.Disk)
        {
            if (Disk is not null && answer.Number != Awaited) return false;
            (Disk, Journal, IsConfirmed) = (voter.Disk, UInt128.Zero, false);
            (SnapshotEnd, Match) = (Offset.Zero, Offset.Zero);
        }
        if (voter.Journal != UInt128.Zero) Journal = voter.Journal;
        IsConfirmed |= voter.IsConfirmed;
        SnapshotEnd = Offset.Max(SnapshotEnd, voter.SnapshotEnd);
        return true;
    }

    /// <summary>It was given another cluster's disk.</summary>
    public bool IsOfAnother(UInt128 journal) => Journal != UInt128.Zero && Journal != journal;

    public void MatchesTo(Offset end)
    {
        Match = Offset.Max(Match, end);
        Next = Offset.Max(Next, Match);
    }
}
