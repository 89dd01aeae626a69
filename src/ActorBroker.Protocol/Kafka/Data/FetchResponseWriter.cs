namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Writes a Fetch response around records that are sent from files:
/// <c>Begin (Topic (Partition EndPartition)* EndTopic)* End</c>, with as many of each as was announced.
/// </summary>
/// <remarks>
/// <see cref="Partition"/> ends with the length of the records; their bytes belong at the writer's
/// <see cref="WireWriter.Length"/> of that moment. So when all answers are known the whole response is written at once, the
/// frame's size is closed with
/// <see cref="WireWriter.EndFrame"/>'s <c>bytesElsewhere</c>, and the connection sends what was written, cut at those places,
/// with a file range in each cut. The records are never null: librdkafka refuses the whole response then.
/// </remarks>
public readonly ref struct FetchResponseWriter(WireWriter wire, short version)
{
    private readonly bool _flexible = version >= 12;

    public void Begin(int throttleTimeMs, ErrorCode errorCode, int sessionId, int topics)
    {
        wire.Int32(throttleTimeMs);
        if (version >= 7) wire.ErrorCode(errorCode);
        if (version >= 7) wire.Int32(sessionId);
        wire.ArrayLength(topics, _flexible);
    }

    /// <param name="name">Written up to v12.</param>
    /// <param name="id">Written from v13 on.</param>
    public void Topic(string name, TopicId id, int partitions)
    {
        if (version <= 12) wire.String(name, _flexible);
        else wire.TopicId(id);
        wire.ArrayLength(partitions, _flexible);
    }

    /// <summary>What precedes the records, their length included.</summary>
    public void Partition(in FetchResponse.PartitionHead head, int recordsLength)
    {
        wire.Int32(head.Index);
        wire.ErrorCode(head.ErrorCode);
        wire.Offset(head.HighWatermark);
        wire.Offset(head.LastStableOffset);
        if (version >= 5) wire.Offset(head.LogStartOffset);
        wire.NullableArray(head.AbortedTransactions, _flexible, version);
        if (version >= 11) wire.BrokerId(head.PreferredReadReplica);
        wire.BytesLength(recordsLength, _flexible);
    }

    /// <summary>What follows the records.</summary>
    public void EndPartition(in FetchResponse.PartitionHead head)
    {
        if (!_flexible) return;
        ReadOnlySpan<bool> present = [head.DivergingEpoch.HasValue, head.CurrentLeader.HasValue, head.SnapshotId.HasValue];
        wire.TagCount(present.Count(true));
        if (head.DivergingEpoch is { } diverging) wire.Tag(0, diverging, version);
        if (head.CurrentLeader is { } leader) wire.Tag(1, leader, version);
        if (head.SnapshotId is { } snapshot) wire.Tag(2, snapshot, version);
    }

    public void EndTopic()
    {
        if (_flexible) wire.NoTags();
    }

    public void End(ReadOnlySpan<NodeEndpoint> nodeEndpoints = default)
    {
        if (_flexible) NodeEndpoint.WriteTags(wire, version >= 16 ? nodeEndpoints : [], version);
    }
}
