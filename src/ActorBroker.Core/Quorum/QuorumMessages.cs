using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>What a proposer asks of a voter. May be lost, doubled and overtaken by others.</summary>
/// <param name="Number">Grows with each request of this proposer; comes back in the answer.</param>
public abstract record QuorumRequest(ProposerId From, Epoch Epoch, long Number)
{
    /// <summary>Promise to refuse all lower epochs, and say how your log ends.</summary>
    public sealed record Prepare(ProposerId From, Epoch Epoch, long Number) : QuorumRequest(From, Epoch, Number);

    /// <summary>Show your log from <paramref name="Start"/> on. Asked of the voter whose log is adopted.</summary>
    public sealed record Fetch(ProposerId From, Epoch Epoch, long Number, Offset Start) : QuorumRequest(From, Epoch, Number);

    /// <summary>Your log shall be like mine up to the end of these entries.</summary>
    /// <param name="EpochBefore">Of the entry before <paramref name="Start"/>; none at the very start.</param>
    /// <param name="Committed">All before this is committed.</param>
    public sealed record Append(
        ProposerId From, Epoch Epoch, long Number, Offset Start, Epoch EpochBefore, ImmutableArray<QuorumEntry> Entries,
        Offset Committed) : QuorumRequest(From, Epoch, Number);

    /// <summary>Keep this instead of the entries that it stands for.</summary>
    public sealed record Install(ProposerId From, Epoch Epoch, long Number, QuorumSnapshot Snapshot)
        : QuorumRequest(From, Epoch, Number);
}

/// <summary>The voter that answers, as it is now.</summary>
/// <param name="SnapshotEnd">Of the snapshot that it has.</param>
public readonly record struct VoterInfo(BrokerId Id, UInt128 Disk, bool IsConfirmed, Offset SnapshotEnd);

/// <summary>What a voter answers; all that it says is on its disk.</summary>
/// <param name="Epoch">Of the request.</param>
/// <param name="Number">Of the request.</param>
public abstract record QuorumAnswer(VoterInfo Voter, Epoch Epoch, long Number)
{
    /// <param name="Voters">The newest in its log; null: the log is empty and always was, as far as the voter knows.</param>
    public sealed record Promised(VoterInfo Voter, Epoch Epoch, long Number, LogTail Tail, VoterSet? Voters)
        : QuorumAnswer(Voter, Epoch, Number);

    /// <param name="Snapshot">Not null: what was asked for has gone into it, and the entries are those behind it.</param>
    public sealed record Fetched(
        VoterInfo Voter, Epoch Epoch, long Number, QuorumSnapshot? Snapshot, Offset Start, ImmutableArray<QuorumEntry> Entries)
        : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The voter's log is like the proposer's up to <paramref name="End"/>, and stays so in this epoch.</summary>
    public sealed record Appended(VoterInfo Voter, Epoch Epoch, long Number, Offset End) : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The logs differ before the start of the entries; they may be alike before <paramref name="TryFrom"/>.</summary>
    public sealed record Diverged(VoterInfo Voter, Epoch Epoch, long Number, Offset TryFrom) : QuorumAnswer(Voter, Epoch, Number);

    /// <summary>The voter has promised <paramref name="Promise"/> to another proposer.</summary>
    public sealed record Refused(VoterInfo Voter, Epoch Epoch, long Number, Epoch Promise) : QuorumAnswer(Voter, Epoch, Number);
}
