namespace ActorBroker.Protocol.Kafka;

/// <summary>The bytes are not what Kafka's protocol says they should be. The only exception that decoding throws.</summary>
public sealed class WireException : Exception
{
    public WireException()
    {
    }

    public WireException(string message)
        : base(message)
    {
    }

    public WireException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
