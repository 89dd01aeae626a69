namespace ActorBroker.Protocol.Kafka;

/// <summary>A message of the protocol, or a structure inside one, that reads and writes itself in each version.</summary>
public interface IWireValue<TSelf>
    where TSelf : IWireValue<TSelf>
{
    /// <summary>Reads up to the structure's end; bytes after it are the caller's, as in Kafka.</summary>
    /// <exception cref="WireException">The bytes are not this structure in this version.</exception>
    static abstract TSelf Read(ref WireReader wire, short version);

    /// <summary>Writes the fields that this version has; the others are dropped.</summary>
    void Write(WireWriter wire, short version);
}

/// <summary>The body of a request, and through <typeparamref name="TResponse"/> what answers it.</summary>
public interface IRequest<TSelf, TResponse> : IWireValue<TSelf>
    where TSelf : IRequest<TSelf, TResponse>
    where TResponse : IWireValue<TResponse>
{
    static abstract ApiKey Key { get; }
}
