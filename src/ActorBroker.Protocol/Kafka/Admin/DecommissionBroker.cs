namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// DecommissionBroker: key 1000, version 0, flexible. ActorBroker's own, far beyond Kafka's keys: moves all replicas away from a
/// broker, and places nothing new there.
/// </summary>
public sealed record DecommissionBrokerRequest(BrokerId Broker, int TimeoutMs)
    : IRequest<DecommissionBrokerRequest, DecommissionBrokerResponse>
{
    public static ApiKey Key => ApiKey.DecommissionBroker;

    public static DecommissionBrokerRequest Read(ref WireReader wire, short version)
    {
        var request = new DecommissionBrokerRequest(wire.BrokerId(), wire.Int32());
        wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.BrokerId(Broker);
        wire.Int32(TimeoutMs);
        wire.NoTags();
    }
}

/// <summary>DecommissionBroker: key 1000, version 0, flexible.</summary>
/// <param name="Moving">Partitions that are on their way to other brokers.</param>
public sealed record DecommissionBrokerResponse(
    ErrorCode ErrorCode, string? ErrorMessage = null, int Moving = 0, int ThrottleTimeMs = 0)
    : IWireValue<DecommissionBrokerResponse>
{
    public static DecommissionBrokerResponse Read(ref WireReader wire, short version)
    {
        var throttle = wire.Int32();
        var response = new DecommissionBrokerResponse(
            wire.ErrorCode(), wire.NullableString(flexible: true), wire.Int32(), throttle);
        wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        wire.NullableString(ErrorMessage, flexible: true);
        wire.Int32(Moving);
        wire.NoTags();
    }
}
