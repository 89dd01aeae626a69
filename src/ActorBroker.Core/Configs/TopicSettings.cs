using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Core.Configs;

/// <summary>A topic's configs as values: those set on it, over the broker's. Times in ms, sizes in bytes; -1 is no
/// limit.</summary>
/// <param name="Compression">Null: batches stay as producers make them.</param>
public sealed record TopicSettings(
    bool Delete,
    bool Compact,
    StoredCompression? Compression,
    long DeleteRetentionMs,
    long FileDeleteDelayMs,
    long FlushMessages,
    long FlushMs,
    int IndexIntervalBytes,
    long MaxCompactionLagMs,
    int MaxMessageBytes,
    long TimestampAfterMaxMs,
    long TimestampBeforeMaxMs,
    bool LogAppendTime,
    double MinCleanableDirtyRatio,
    long MinCompactionLagMs,
    int MinInSyncReplicas,
    bool Preallocate,
    long RetentionBytes,
    long RetentionMs,
    int SegmentBytes,
    int SegmentIndexBytes,
    long SegmentJitterMs,
    long SegmentMs,
    bool UncleanLeaderElection)
{
    /// <summary>The settings of a topic as this broker sees them at that image.</summary>
    public static TopicSettings Of(string topic, MetadataImage image, BrokerId broker, BrokerSettings settings)
    {
        var overrides = image.ConfigsOf(ConfigResource.Topic(topic));
        var policy = ConfigRule.Elements(Text("cleanup.policy"));
        return new TopicSettings(
            Delete: policy.Contains("delete"),
            Compact: policy.Contains("compact"),
            Compression: CompressionOf(Text("compression.type")),
            DeleteRetentionMs: Long("delete.retention.ms"),
            FileDeleteDelayMs: Long("file.delete.delay.ms"),
            FlushMessages: Long("flush.messages"),
            FlushMs: Long("flush.ms"),
            IndexIntervalBytes: Int("index.interval.bytes"),
            MaxCompactionLagMs: Long("max.compaction.lag.ms"),
            MaxMessageBytes: Int("max.message.bytes"),
            TimestampAfterMaxMs: Long("message.timestamp.after.max.ms"),
            TimestampBeforeMaxMs: Long("message.timestamp.before.max.ms"),
            LogAppendTime: Text("message.timestamp.type") == "LogAppendTime",
            MinCleanableDirtyRatio: double.Parse(Text("min.cleanable.dirty.ratio"), CultureInfo.InvariantCulture),
            MinCompactionLagMs: Long("min.compaction.lag.ms"),
            MinInSyncReplicas: Int("min.insync.replicas"),
            Preallocate: Text("preallocate") == "true",
            RetentionBytes: Long("retention.bytes"),
            RetentionMs: Long("retention.ms"),
            SegmentBytes: Int("segment.bytes"),
            SegmentIndexBytes: Int("segment.index.bytes"),
            SegmentJitterMs: Long("segment.jitter.ms"),
            SegmentMs: Long("segment.ms"),
            UncleanLeaderElection: Text("unclean.leader.election.enable") == "true");

        string Text(string name)
        {
            var key = TopicConfigs.ByName[name];
            if (overrides.TryGetValue(name, out var own)) return own;
            var values = ConfigLayers.OfTopic(key, overrides, image, broker, settings);
            return values.IsEmpty
                ? throw new KeyNotFoundException($"Neither {name} nor its broker's default has a value.")
                : ConfigLayers.InTopicUnit(key, values[0]);
        }

        StoredCompression? CompressionOf(string type) => type switch
        {
            "uncompressed" => new(CompressionCodec.None),
            "gzip" => new(CompressionCodec.Gzip, Int("compression.gzip.level")),
            "snappy" => new(CompressionCodec.Snappy),
            "lz4" => new(CompressionCodec.Lz4, Int("compression.lz4.level")),
            "zstd" => new(CompressionCodec.Zstd, Int("compression.zstd.level")),
            _ => null, // producer
        };

        long Long(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);
        int Int(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
    }
}
