namespace ActorBroker.Protocol.Kafka;

/// <summary>Which records a reader sees: all below the high watermark, or those below the last stable offset only.</summary>
public enum IsolationLevel : sbyte
{
    ReadUncommitted = 0,
    ReadCommitted = 1,
}
