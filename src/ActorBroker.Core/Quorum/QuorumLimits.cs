namespace ActorBroker.Core.Quorum;

/// <summary>How much goes into one message between proposers and voters, in bytes.</summary>
/// <param name="EntryBytes"><c>controller.quorum.fetch.max.bytes</c> (KIP-1219): entries; a single one may be larger.</param>
/// <param name="SnapshotBytes"><c>controller.quorum.fetch.snapshot.max.bytes</c> (KIP-1219): a part of a snapshot.</param>
/// <param name="LargestEntryBytes">What fits into any message. A larger entry would stay on the disk of the voter beside the
/// proposer, and be adopted again and again, for ever without a majority: it must not be appended.</param>
public sealed record QuorumLimits(int EntryBytes, int SnapshotBytes, int LargestEntryBytes = int.MaxValue)
{
    public static readonly QuorumLimits Default = new(1 << 20, 1 << 20);
}
