namespace ActorBroker.Protocol.Records;

/// <summary>Whose clock a batch's timestamps come from: bit 3 of its attributes (KIP-32).</summary>
public enum TimestampType
{
    /// <summary>The producer's; each record has its own.</summary>
    CreateTime = 0,

    /// <summary>The leader's at the append; the batch's maximum holds for all its records.</summary>
    LogAppendTime = 1,
}
