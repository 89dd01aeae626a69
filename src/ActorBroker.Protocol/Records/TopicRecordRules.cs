namespace ActorBroker.Protocol.Records;

/// <summary>What a topic's configuration demands of batches from clients.</summary>
/// <param name="MaxMessageBytes"><c>max.message.bytes</c>: a whole batch, as compressed.</param>
/// <param name="SegmentBytes"><c>segment.bytes</c>: a batch must fit into a segment.</param>
/// <param name="RequiresKeys"><c>cleanup.policy</c> has <c>compact</c>.</param>
/// <param name="TimestampType"><c>message.timestamp.type</c>.</param>
/// <param name="TimestampBeforeMaxMs"><c>message.timestamp.before.max.ms</c>; <see cref="long.MaxValue"/>: any age.</param>
/// <param name="TimestampAfterMaxMs"><c>message.timestamp.after.max.ms</c>; <see cref="long.MaxValue"/>: any.</param>
/// <param name="MaxDecompressedBytes">Bound on what a compressed batch may become where its records must be looked at.</param>
/// <param name="Stored">What <c>compression.type</c> asks for; null: each batch stays as its producer made it.</param>
public sealed record TopicRecordRules(
    int MaxMessageBytes,
    int SegmentBytes,
    bool RequiresKeys,
    TimestampType TimestampType,
    long TimestampBeforeMaxMs,
    long TimestampAfterMaxMs,
    int MaxDecompressedBytes,
    StoredCompression? Stored = null)
{
    /// <summary>Kafka's defaults for a topic, with 128 MiB of decompressed records.</summary>
    public static readonly TopicRecordRules Default = new(
        MaxMessageBytes: 1_048_588, SegmentBytes: 1 << 30, RequiresKeys: false, TimestampType.CreateTime,
        TimestampBeforeMaxMs: long.MaxValue, TimestampAfterMaxMs: 3_600_000, MaxDecompressedBytes: 128 << 20);
}
