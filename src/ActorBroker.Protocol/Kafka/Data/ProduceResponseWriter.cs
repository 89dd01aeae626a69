namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Writes a Produce response piece by piece, without an object for each topic:
/// <c>Begin (Topic Partition* EndTopic)* End</c>, with as many of each as was announced.
/// </summary>
public readonly ref struct ProduceResponseWriter(WireWriter wire, short version)
{
    private readonly bool _flexible = version >= 9;

    public void Begin(int topics) => wire.ArrayLength(topics, _flexible);

    /// <param name="name">Written up to v12.</param>
    /// <param name="id">Written from v13 on.</param>
    public void Topic(string name, TopicId id, int partitions)
    {
        if (version <= 12) wire.String(name, _flexible);
        else wire.TopicId(id);
        wire.ArrayLength(partitions, _flexible);
    }

    /// <inheritdoc cref="Topic(string, TopicId, int)"/>
    public void Topic(ReadOnlySpan<byte> nameUtf8, TopicId id, int partitions)
    {
        if (version <= 12) wire.Utf8String(nameUtf8, _flexible);
        else wire.TopicId(id);
        wire.ArrayLength(partitions, _flexible);
    }

    public void Partition(in ProduceResponse.Partition partition) => partition.Write(wire, version);

    public void EndTopic()
    {
        if (_flexible) wire.NoTags();
    }

    public void End(int throttleTimeMs, ReadOnlySpan<NodeEndpoint> nodeEndpoints = default)
    {
        wire.Int32(throttleTimeMs);
        if (_flexible) NodeEndpoint.WriteTags(wire, version >= 10 ? nodeEndpoints : [], version);
    }
}
