using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorBroker.Protocol.Kafka;
using static ActorBroker.Core.Configs.ConfigRule;
using static ActorBroker.Protocol.Kafka.ConfigType;

namespace ActorBroker.Core.Configs;

/// <summary>A broker's config that gives a topic's config its default, in a unit <paramref name="Factor"/> times as
/// large.</summary>
public readonly record struct Synonym(string BrokerKey, long Factor)
{
    public static implicit operator Synonym(string brokerKey) => new(brokerKey, 1);
}

/// <param name="Synonyms">The broker's keys, the strongest first: the first that has a value counts.</param>
public sealed record TopicConfigKey(ConfigKey Key, ImmutableArray<Synonym> Synonyms, string Doc)
{
    public string Name => Key.Name;
}

/// <summary>Every config that a topic may have, under Kafka's names.</summary>
public static class TopicConfigs
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    public static readonly ImmutableArray<TopicConfigKey> All =
    [
        Key(
            "cleanup.policy", List, ListOf("delete", "compact"),
            "What becomes of old segments: they are deleted, compacted to the last record of each key (not done yet), or both.",
            "log.cleanup.policy"),
        Key(
            "compression.gzip.level", Int, Between(-1, 9), "Level for compression.type=gzip; -1 is gzip's own default.",
            "compression.gzip.level"),
        Key("compression.lz4.level", Int, Between(1, 17), "Level for compression.type=lz4.", "compression.lz4.level"),
        Key(
            "compression.type", ConfigType.String, OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            "Codec of stored batches; 'producer' keeps each batch as it came, another packs it anew.",
            "compression.type"),
        Key("compression.zstd.level", Int, Between(-131072, 22), "Level for compression.type=zstd.", "compression.zstd.level"),
        Key(
            "delete.retention.ms", Long, AtLeast(0), "How long a tombstone of a compacted topic stays readable.",
            "log.cleaner.delete.retention.ms"),
        Key(
            "file.delete.delay.ms", Long, AtLeast(0), "How long a deleted segment's files stay on disk.",
            "log.segment.delete.delay.ms"),
        Key(
            "flush.messages", Long, AtLeast(1), "Flush to the disk after so many records; 1 flushes before each acknowledgement.",
            "log.flush.interval.messages"),
        Key(
            "flush.ms", Long, AtLeast(0), "Flush to the disk when a record has waited so long.", "log.flush.interval.ms",
            "log.flush.scheduler.interval.ms"),
        Key(
            "follower.replication.throttled.replicas", List, Replicas,
            "Replicas that copy no faster than follower.replication.throttled.rate, as PARTITION:BROKER; *: all."),
        Key(
            "index.interval.bytes", Int, AtLeast(0), "Bytes of log between two entries of the offset index.",
            "log.index.interval.bytes"),
        Key(
            "leader.replication.throttled.replicas", List, Replicas,
            "Replicas that are copied from no faster than leader.replication.throttled.rate, as PARTITION:BROKER; *: all."),
        Key(
            "max.compaction.lag.ms", Long, AtLeast(1), "A record is compacted at the latest after this time.",
            "log.cleaner.max.compaction.lag.ms"),
        Key("max.message.bytes", Int, AtLeast(0), "Largest record batch, as it comes compressed.", "message.max.bytes"),
        Key(
            "message.timestamp.after.max.ms", Long, AtLeast(0), "How far a record's time may lie after the broker's clock.",
            "log.message.timestamp.after.max.ms"),
        Key(
            "message.timestamp.before.max.ms", Long, AtLeast(0), "How far a record's time may lie before the broker's clock.",
            "log.message.timestamp.before.max.ms"),
        Key(
            "message.timestamp.type", ConfigType.String, OneOf("CreateTime", "LogAppendTime"),
            "Who gives a record its time: the producer, or the broker on append.", "log.message.timestamp.type"),
        Key(
            "min.cleanable.dirty.ratio", ConfigType.Double, Between(0, 1),
            "Share of the log that must be uncompacted before it is compacted.", "log.cleaner.min.cleanable.ratio"),
        Key(
            "min.compaction.lag.ms", Long, AtLeast(0), "A record stays uncompacted at least this long.",
            "log.cleaner.min.compaction.lag.ms"),
        Key(
            "min.insync.replicas", Int, AtLeast(1), "Replicas that must be in sync for a write with acks=all.",
            "min.insync.replicas"),
        Key(
            "preallocate", ConfigType.Boolean, Any, "Reserve a segment's space on the disk when it is made (not done yet).",
            "log.preallocate"),
        Key(
            "retention.bytes", Long, AtLeast(-1), "Size of a partition beyond which its oldest segments go; -1: no limit.",
            "log.retention.bytes"),
        Key(
            "retention.ms", Long, AtLeast(-1), "Age beyond which segments go; -1: no limit.", "log.retention.ms",
            new Synonym("log.retention.minutes", Minute), new Synonym("log.retention.hours", Hour)),
        Key("segment.bytes", Int, AtLeast(14), "Size at which a segment is closed.", "log.segment.bytes"),
        Key("segment.index.bytes", Int, AtLeast(4), "Largest size of a segment's offset index.", "log.index.size.max.bytes"),
        Key(
            "segment.jitter.ms", Long, AtLeast(0), "Segments close up to so much before segment.ms, so that not all do at once.",
            "log.roll.jitter.ms", new Synonym("log.roll.jitter.hours", Hour)),
        Key(
            "segment.ms", Long, AtLeast(1), "Age at which a segment is closed.", "log.roll.ms",
            new Synonym("log.roll.hours", Hour)),
        Key(
            "unclean.leader.election.enable", ConfigType.Boolean, Any,
            "A replica that is not in sync may lead, which can lose records.", "unclean.leader.election.enable"),
    ];

    public static readonly FrozenDictionary<string, TopicConfigKey> ByName = All.ToFrozenDictionary(
        k => k.Name, StringComparer.Ordinal);

    private static TopicConfigKey Key(string name, ConfigType type, ConfigRule rule, string doc, params Synonym[] synonyms) =>
        new(new ConfigKey(name, type, rule), [.. synonyms], doc);
}
