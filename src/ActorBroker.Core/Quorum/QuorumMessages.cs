using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>What a proposer asks of a voter. May be lost, doubled and overtaken by others.</summary>
/// <param name="Number">Grows with each request of this proposer; comes back in the answer.</param>
public abstract record QuorumRequest(ProposerId From, Epoch Epoch, long Number)
{
    /// <summary>Which journal is meant; see <see cref="VoterSet.Journal"/>. 0: whatever the voter has.</summary>
    public virtual UInt128 Journal => UInt128.Zero;

    /// <summary>Promise to refuse all lower epochs, and say how your log ends.</summary>
    public sealed record Prepare(ProposerId From, Epoch Epoch, long Number) : QuorumRequest(From, Epoch, Number);

    /// <summary>Show your log from <paramref name="Start"/> on. Asked of the voter whose log is adopted.</summary>
    /// <param name="SnapshotPosition">Of the part that is wanted, should the start be in the snapshot.</param>
    public sealed record Fetch(ProposerId From, Epoch Epoch, long Number, Offset Start, int SnapshotPosition)
        : QuorumRequest(From, Epoch, Number);

    /// <summary>Your log shall be like mine up to the end of these entries.</summary>
    /// <param name="EpochBefore">Of the entry before <paramref name="Start"/>; none at the very start.</param>
    /// <param name="Committed">All before this is committed.</param>
    public sealed record Append(
        ProposerId From, Epoch Epoch, long Number, UInt128 Journal, Offset Start, Epoch EpochBefore,
        ImmutableArray<QuorumEntry> Entries, Offset Committed) : QuorumRequest(From, Epoch, Number)
    {
        public override UInt128 Journal { get; } = Journal;
    }

    /// <summary>Keep this instead of the entries that it stands for, when you have all parts of it.</summary>
    public sealed record Install(ProposerId From, Epoch Epoch, long Number, SnapshotPart Part)
        : QuorumRequest(From, Epoch, Number)
    {
        public override UInt128 Journal => Part.Voters.Journal;
    }
}

/// <summary>The voter that answers, as it is now.</summary>
/// <param name="Journal">That it has entries of; 0: none. See <see cref="VoterSet.Journal"/>.</param>
/// <param name="SnapshotEnd">Of the snapshot that it has.</param>
public readonly record struct VoterInfo(BrokerId Id, UInt128 Disk, UInt128 Journal, bool IsConfirmed, Offset SnapshotEnd);

/// <summary>What a voter answers; all that it says is on its disk.</summary>
/// <param name="Epoch">Of the request.</param>
/// <param name="Number">Of the request.</param>
public abstract record QuorumAnswer(VoterInfo Voter, Epoch Epoch, long Number)
{
    /// <param name="Voters">The newest in its log; null: the log is empty and always was, as far as the voter knows.</param>
    public sealed record Promised(VoterInfo Voter, Epoch Epoch, long Number, LogTail Tail, VoterSet? Voters)
        : QuorumAnswer(Voter, Epoch, Number);

    /// <param name="Part">Not null: what was asked for has gone into the snapshot, and this is some of it; with its last part
    /// come the entries behind it.</param>
    public sealed record Fetched(
        VoterInfo Voter, Epoch Epoch, long Number, SnapshotPart? Part, Offset Start, ImmutableArray<QuorumEntry> Entries)
        : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The voter's log is like the proposer's up to <paramref name="End"/>, and stays so in this epoch.</summary>
    public sealed record Appended(VoterInfo Voter, Epoch Epoch, long Number, Offset End) : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The voter waits for the part of the snapshot that starts at <paramref name="Position"/>.</summary>
    /// <param name="End">Of the snapshot of which it has the parts before.</param>
    public sealed record Installing(VoterInfo Voter, Epoch Epoch, long Number, Offset End, int Position)
        : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The logs differ before the start of the entries; they may be alike before <paramref name="TryFrom"/>.</summary>
    public sealed record Diverged(VoterInfo Voter, Epoch Epoch, long Number, Offset TryFrom) : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The voter has promised <paramref name="Promise"/> to another proposer.</summary>
    public sealed record Refused(VoterInfo Voter, Epoch Epoch, long Number, Epoch Promise, ProposerId PromisedTo)
        : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The voter has another journal than the proposer; nothing happened. See <see cref="VoterInfo.Journal"/>.</summary>
    public sealed record OfOtherJournal(VoterInfo Voter, Epoch Epoch, long Number) : QuorumAnswer(Voter, Epoch, Number);
}
