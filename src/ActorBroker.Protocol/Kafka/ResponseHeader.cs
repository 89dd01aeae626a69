namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// What precedes the body of each response: the request's correlation id, and tagged fields where the body is flexible.
/// ApiVersions never has those: its client doesn't know yet what the broker speaks.
/// </summary>
public static class ResponseHeader
{
    /// <returns>The correlation id.</returns>
    public static int Read(ref WireReader wire, ApiKey key, short version)
    {
        var correlationId = wire.Int32();
        if (HasTags(key, version)) wire.SkipTags();
        return correlationId;
    }

    public static void Write(WireWriter wire, ApiKey key, short version, int correlationId)
    {
        wire.Int32(correlationId);
        if (HasTags(key, version)) wire.NoTags();
    }

    private static bool HasTags(ApiKey key, short version) =>
        key != ApiKey.ApiVersions && ApiVersionTable.IsFlexible(key, version);
}
