using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>What <see cref="QuorumProposer"/> asks its shell to do, and tells it.</summary>
public abstract record ProposerEffect
{
    public sealed record Send(BrokerId To, QuorumRequest Request) : ProposerEffect;

    /// <summary>This proposer may append. The journal is the snapshot and these entries, all of them committed.</summary>
    /// <param name="Entries">From the snapshot's end on.</param>
    public sealed record Won(Epoch Epoch, QuorumSnapshot? Snapshot, ImmutableArray<QuorumEntry> Entries) : ProposerEffect;

    /// <summary>All before <paramref name="UpTo"/> is durable on a majority and will never change.</summary>
    public sealed record Committed(Offset UpTo) : ProposerEffect;

    /// <summary>Another proposer may have taken over. Whether entries that were not committed will be, is unknown. To go on, the
    /// shell campaigns again, if it still believes that it should, and after a pause that differs from others'.</summary>
    public sealed record Lost(Epoch To, ProposerId Winner) : ProposerEffect;

    /// <summary>The voter has a journal that these voters did not begin: its disk is another cluster's. It does not count, and is
    /// left as it is until its disk is emptied. Said once in an epoch.</summary>
    public sealed record ForeignVoter(BrokerId Voter) : ProposerEffect;

    /// <summary>The journal was made by other voters than those of <c>controller.quorum.voters</c>; nobody is elected.</summary>
    public sealed record OtherVoters(ImmutableArray<BrokerId> InJournal) : ProposerEffect;
}

public enum ProposerStage : byte
{
    /// <summary>Proposes nothing until it campaigns.</summary>
    Idle,

    /// <summary>Collects promises.</summary>
    Preparing,

    /// <summary>Elected; copies the newest log among the majority.</summary>
    Adopting,

    /// <summary>Has the log, and spreads it. It may append when the first entry of its epoch is committed.</summary>
    Leading,
}
