namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// InitProducerId: key 22, versions 0-5. v2 is flexible, v3 adds the producer's present id and epoch (KIP-360), v4 and v5 may
/// be answered with errors that older clients don't know. Not yet: v6, two-phase commit (KIP-939).
/// </summary>
/// <param name="TransactionalId">Null for a producer that is idempotent only.</param>
public sealed record InitProducerIdRequest(
    string? TransactionalId, int TransactionTimeoutMs, long ProducerId = -1, short ProducerEpoch = -1)
    : IRequest<InitProducerIdRequest, InitProducerIdResponse>
{
    public static ApiKey Key => ApiKey.InitProducerId;

    public static InitProducerIdRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new InitProducerIdRequest(
            TransactionalId: wire.NullableString(flexible),
            TransactionTimeoutMs: wire.Int32(),
            ProducerId: version >= 3 ? wire.Int64() : -1,
            ProducerEpoch: version >= 3 ? wire.Int16() : (short)-1);
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.NullableString(TransactionalId, flexible);
        wire.Int32(TransactionTimeoutMs);
        if (version >= 3) wire.Int64(ProducerId);
        if (version >= 3) wire.Int16(ProducerEpoch);
        if (flexible) wire.NoTags();
    }
}

/// <summary>InitProducerId: key 22, versions 0-5. v2 is flexible.</summary>
public sealed record InitProducerIdResponse(ErrorCode ErrorCode, long ProducerId, short ProducerEpoch, int ThrottleTimeMs = 0)
    : IWireValue<InitProducerIdResponse>
{
    public static InitProducerIdResponse Read(ref WireReader wire, short version)
    {
        var throttle = wire.Int32();
        var response = new InitProducerIdResponse(wire.ErrorCode(), wire.Int64(), wire.Int16(), throttle);
        if (version >= 2) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        wire.Int64(ProducerId);
        wire.Int16(ProducerEpoch);
        if (version >= 2) wire.NoTags();
    }
}
