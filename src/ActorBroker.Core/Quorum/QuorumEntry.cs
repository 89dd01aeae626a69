using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>One entry of the controller's quorum journal.</summary>
/// <param name="Epoch">Of the proposer that wrote it. It stays when a later proposer copies the entry to other voters: two
/// entries with the same offset and epoch are the same entry, and so is all before them.</param>
/// <param name="Event">Bytes that only the controller understands.</param>
/// <param name="Voters">Not null: no event but the voters as they are from here on. Every epoch starts with such an
/// entry.</param>
public sealed record QuorumEntry(Epoch Epoch, ReadOnlyMemory<byte> Event, VoterSet? Voters = null)
{
    public bool IsEvent => Voters is null;
}

/// <summary>Stands for all entries before <paramref name="End"/>, which are committed.</summary>
/// <param name="LastEpoch">Of the last entry that it stands for.</param>
/// <param name="Voters">As of <paramref name="End"/>.</param>
/// <param name="State">Bytes that only the controller understands.</param>
public sealed record QuorumSnapshot(Offset End, Epoch LastEpoch, VoterSet Voters, ReadOnlyMemory<byte> State);

/// <summary>How a log ends. Of two logs the newer one is that whose last entry is of the higher epoch, and of those the
/// longer.</summary>
public readonly record struct LogTail(Epoch LastEpoch, Offset End)
{
    public bool IsNewerThan(LogTail other) =>
        LastEpoch > other.LastEpoch || (LastEpoch == other.LastEpoch && End > other.End);
}

/// <summary>Who proposes: one life of one broker's proposer.</summary>
/// <param name="Session">Drawn anew whenever a proposer is made, so that nobody takes it for the one before, which may have
/// written other entries in the same epoch.</param>
public readonly record struct ProposerId(BrokerId Broker, long Session)
{
    public static readonly ProposerId None = new(BrokerId.None, 0);
}
