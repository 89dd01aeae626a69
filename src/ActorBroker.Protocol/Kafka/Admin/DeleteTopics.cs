namespace ActorBroker.Protocol.Kafka;

/// <summary>DeleteTopics: key 20, versions 1-6. v4 is flexible, v6 takes topic ids too (KIP-516).</summary>
public sealed record DeleteTopicsRequest(DeleteTopicsRequest.Topic[] Topics, int TimeoutMs)
    : IRequest<DeleteTopicsRequest, DeleteTopicsResponse>
{
    public static ApiKey Key => ApiKey.DeleteTopics;

    public static DeleteTopicsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var topics = version >= 6
            ? wire.Array<Topic>(flexible, version)
            : System.Array.ConvertAll(wire.Strings(flexible), static name => new Topic(name));
        var request = new DeleteTopicsRequest(topics, wire.Int32());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        if (version >= 6) wire.Array(Topics, flexible, version);
        else wire.Strings(System.Array.ConvertAll(Topics, static topic => topic.Name ?? ""), flexible);
        wire.Int32(TimeoutMs);
        if (flexible) wire.NoTags();
    }

    /// <param name="Name">Null where the topic is named by its id.</param>
    public readonly record struct Topic(string? Name, TopicId TopicId = default) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var topic = new Topic(wire.NullableString(flexible: true), wire.TopicId());
            wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.NullableString(Name, flexible: true);
            wire.TopicId(TopicId);
            wire.NoTags();
        }
    }
}

/// <summary>DeleteTopics: key 20, versions 1-6. v4 is flexible, v5 adds the message, v6 the topic id.</summary>
public sealed record DeleteTopicsResponse(DeleteTopicsResponse.Topic[] Responses, int ThrottleTimeMs = 0)
    : IWireValue<DeleteTopicsResponse>
{
    public static DeleteTopicsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var throttle = wire.Int32();
        var response = new DeleteTopicsResponse(wire.Array<Topic>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Responses, flexible, version);
        if (flexible) wire.NoTags();
    }

    /// <param name="Name">Null (v6) where the id that was asked for is unknown.</param>
    public readonly record struct Topic(string? Name, TopicId TopicId, ErrorCode ErrorCode, string? ErrorMessage = null)
        : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var topic = new Topic(
                Name: version >= 6 ? wire.NullableString(flexible) : wire.String(flexible),
                TopicId: version >= 6 ? wire.TopicId() : TopicId.None,
                ErrorCode: wire.ErrorCode(),
                ErrorMessage: version >= 5 ? wire.NullableString(flexible) : null);
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            if (version >= 6) wire.NullableString(Name, flexible);
            else wire.String(Name ?? "", flexible);
            if (version >= 6) wire.TopicId(TopicId);
            wire.ErrorCode(ErrorCode);
            if (version >= 5) wire.NullableString(ErrorMessage, flexible);
            if (flexible) wire.NoTags();
        }
    }
}
