using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>What <see cref="QuorumVoter"/> asks its shell to do, in this order. What is to be stored must be durable before a
/// later <see cref="Send"/> goes out; several steps may share one flush.</summary>
public abstract record VoterEffect
{
    /// <summary>Store instead of what was stored; all or nothing.</summary>
    public sealed record SaveMeta(VoterMeta Meta) : VoterEffect;

    /// <summary>Store instead of the snapshot before; all or nothing. The log keeps its entries for now.</summary>
    public sealed record SaveSnapshot(QuorumSnapshot Snapshot) : VoterEffect;

    /// <summary>Entries before <paramref name="Start"/> may go: they are in the snapshot. An empty log starts there.</summary>
    public sealed record DropBefore(Offset Start) : VoterEffect;

    /// <summary>All entries go, and the log starts at <paramref name="Start"/>.</summary>
    public sealed record Reset(Offset Start) : VoterEffect;

    /// <summary>Entries at <paramref name="End"/> and behind it go.</summary>
    public sealed record Truncate(Offset End) : VoterEffect;

    /// <summary>Add entries at the end, which is <paramref name="Start"/>. A crash may leave the first ones of them.</summary>
    public sealed record Write(Offset Start, ImmutableArray<QuorumEntry> Entries) : VoterEffect;

    public sealed record Send(ProposerId To, QuorumAnswer Answer) : VoterEffect;

    /// <summary>All before <paramref name="UpTo"/> is committed; see <see cref="QuorumVoter.Committed"/>.</summary>
    public sealed record Learnt(Offset UpTo) : VoterEffect;
}

/// <summary>What a voter must not forget, besides its log.</summary>
/// <param name="Disk">Drawn when the disk was empty; never changes.</param>
/// <param name="Promise">Lower epochs are refused.</param>
/// <param name="PromisedTo">So are other proposers of that epoch.</param>
/// <param name="IsConfirmed">A committed entry names this disk, and all before it is here; see <see cref="VoterSet"/>.</param>
public sealed record VoterMeta(UInt128 Disk, Epoch Promise, ProposerId PromisedTo, bool IsConfirmed)
{
    public static VoterMeta New(UInt128 disk) => new(disk, Epoch.None, ProposerId.None, IsConfirmed: false);
}

/// <summary>All that a voter finds on its disk when it starts.</summary>
public sealed record StoredVoter(
    VoterMeta Meta, QuorumSnapshot? Snapshot, Offset LogStart, ImmutableArray<QuorumEntry> Entries);
