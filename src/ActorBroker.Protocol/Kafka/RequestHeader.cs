using System.Text;

namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// What precedes the body of each request: header v1, or v2 where the body is flexible, which adds tagged fields but keeps
/// the classic string for the client's id.
/// </summary>
/// <remarks>
/// The client's id stays in the frame: a connection hears the same one with each request and need not allocate it.
/// </remarks>
public readonly ref struct RequestHeader
{
    private readonly bool _hasClientId;

    private RequestHeader(ApiKey key, short version, int correlationId, ReadOnlySpan<byte> clientId, bool hasClientId)
    {
        Key = key;
        Version = version;
        CorrelationId = correlationId;
        ClientIdUtf8 = clientId;
        _hasClientId = hasClientId;
    }

    /// <summary>May be a key that <see cref="ApiVersionTable"/> doesn't know.</summary>
    public ApiKey Key { get; }

    public short Version { get; }

    public int CorrelationId { get; }

    /// <summary>Empty also where the client's id is null.</summary>
    public ReadOnlySpan<byte> ClientIdUtf8 { get; }

    /// <summary>The client's id; allocated with each call.</summary>
    public string? ClientId => _hasClientId ? Encoding.UTF8.GetString(ClientIdUtf8) : null;

    /// <summary>Reads the header of any request, even of an unknown API or version, so that it can be named in the log.</summary>
    /// <exception cref="WireException">The bytes are no header.</exception>
    public static RequestHeader Read(ref WireReader wire)
    {
        var key = (ApiKey)wire.Int16();
        var version = wire.Int16();
        var correlationId = wire.Int32();
        var clientId = wire.NullableUtf8String(flexible: false, out var isNull);
        if (ApiVersionTable.IsFlexible(key, version)) wire.SkipTags();
        return new RequestHeader(key, version, correlationId, clientId, !isNull);
    }

    public static void Write(WireWriter wire, ApiKey key, short version, int correlationId, string? clientId)
    {
        wire.Int16((short)key);
        wire.Int16(version);
        wire.Int32(correlationId);
        wire.NullableString(clientId, flexible: false);
        if (ApiVersionTable.IsFlexible(key, version)) wire.NoTags();
    }
}
