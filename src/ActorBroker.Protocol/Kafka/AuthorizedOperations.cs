namespace ActorBroker.Protocol.Kafka;

/// <summary>Bit field of what the asker may do with a topic, group or cluster (KIP-430).</summary>
public static class AuthorizedOperations
{
    /// <summary>The value where nobody asked.</summary>
    public const int NotRequested = int.MinValue;
}
