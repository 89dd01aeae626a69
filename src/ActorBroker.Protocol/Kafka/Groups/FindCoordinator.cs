namespace ActorBroker.Protocol.Kafka;

/// <summary>What a coordinator is asked for.</summary>
public enum CoordinatorType : sbyte
{
    Group = 0,
    Transaction = 1,
    Share = 2,
}

/// <summary>
/// FindCoordinator: key 10, versions 0-6. v1 adds the key's type, v3 is flexible, v4 asks for many keys (KIP-699).
/// </summary>
/// <param name="CoordinatorKeys">Group or transactional ids; exactly one up to v3.</param>
public sealed record FindCoordinatorRequest(CoordinatorType KeyType, string[] CoordinatorKeys)
    : IRequest<FindCoordinatorRequest, FindCoordinatorResponse>
{
    public static ApiKey Key => ApiKey.FindCoordinator;

    public static FindCoordinatorRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 3;
        string[]? single = version <= 3 ? [wire.String(flexible)] : null;
        var type = version >= 1 ? (CoordinatorType)wire.Int8() : CoordinatorType.Group;
        var request = new FindCoordinatorRequest(type, single ?? wire.Strings(flexible));
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 3;
        if (version <= 3) wire.String(CoordinatorKeys.Single(), flexible);
        if (version >= 1) wire.Int8((sbyte)KeyType);
        if (version >= 4) wire.Strings(CoordinatorKeys, flexible);
        if (flexible) wire.NoTags();
    }
}

/// <summary>
/// FindCoordinator: key 10, versions 0-6. v1 adds throttle time and message, v3 is flexible, v4 answers many keys.
/// </summary>
/// <param name="Coordinators">Exactly one up to v3, and then its key is not on the wire.</param>
public sealed record FindCoordinatorResponse(int ThrottleTimeMs, FindCoordinatorResponse.Coordinator[] Coordinators)
    : IWireValue<FindCoordinatorResponse>
{
    public static FindCoordinatorResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 3;
        var throttle = version >= 1 ? wire.Int32() : 0;
        var response = new FindCoordinatorResponse(
            throttle,
            version <= 3 ? [Coordinator.ReadSingle(ref wire, version)] : wire.Array<Coordinator>(flexible, version));
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 3;
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        if (version <= 3) Coordinators.Single().WriteSingle(wire, version);
        else wire.Array(Coordinators, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Coordinator(
        string Key, BrokerId NodeId, string Host, int Port, ErrorCode ErrorCode, string? ErrorMessage)
        : IWireValue<Coordinator>
    {
        /// <summary>The entry for a key whose coordinator can't be told.</summary>
        public static Coordinator None(string key, ErrorCode error, string? message = null) =>
            new(key, BrokerId.None, "", -1, error, message);

        public static Coordinator Read(ref WireReader wire, short version)
        {
            var coordinator = new Coordinator(
                Key: wire.String(flexible: true),
                NodeId: wire.BrokerId(),
                Host: wire.String(flexible: true),
                Port: wire.Int32(),
                ErrorCode: wire.ErrorCode(),
                ErrorMessage: wire.NullableString(flexible: true));
            wire.SkipTags();
            return coordinator;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Key, flexible: true);
            wire.BrokerId(NodeId);
            wire.String(Host, flexible: true);
            wire.Int32(Port);
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible: true);
            wire.NoTags();
        }

        /// <summary>Up to v3: the fields in another order, at the top level of the response.</summary>
        internal static Coordinator ReadSingle(ref WireReader wire, short version)
        {
            var flexible = version >= 3;
            var error = wire.ErrorCode();
            var message = version >= 1 ? wire.NullableString(flexible) : null;
            return new Coordinator("", wire.BrokerId(), wire.String(flexible), wire.Int32(), error, message);
        }

        internal void WriteSingle(WireWriter wire, short version)
        {
            var flexible = version >= 3;
            wire.ErrorCode(ErrorCode);
            if (version >= 1) wire.NullableString(ErrorMessage, flexible);
            wire.BrokerId(NodeId);
            wire.String(Host, flexible);
            wire.Int32(Port);
        }
    }
}
