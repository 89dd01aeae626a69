namespace ActorBroker.Core.Quorum;

/// <summary>How much goes into one message between proposers and voters, in bytes.</summary>
/// <param name="EntryBytes"><c>controller.quorum.fetch.max.bytes</c> (KIP-1219): entries; a single one may be larger.</param>
/// <param name="SnapshotBytes"><c>controller.quorum.fetch.snapshot.max.bytes</c> (KIP-1219): a part of a snapshot.</param>
public sealed record QuorumLimits(int EntryBytes, int SnapshotBytes)
{
    public static readonly QuorumLimits Default = new(1 << 20, 1 << 20);
}
