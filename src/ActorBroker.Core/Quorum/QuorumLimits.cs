namespace ActorBroker.Core.Quorum;

public static class QuorumLimits
{
    /// <summary>Entries in one message, in bytes; a single entry may be larger.</summary>
    public const int MaxBytes = 1 << 20;
}
