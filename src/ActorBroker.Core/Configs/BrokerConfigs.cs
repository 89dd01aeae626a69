using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorBroker.Protocol.Kafka;
using static ActorBroker.Core.Configs.ConfigRule;
using static ActorBroker.Protocol.Kafka.ConfigType;

namespace ActorBroker.Core.Configs;

/// <summary>Every config that a broker may have, under Kafka's names. Defaults and documentation: hocon/reference.conf.</summary>
public static class BrokerConfigs
{
    private const double MaxInt = int.MaxValue;

    public static readonly ImmutableArray<ConfigKey> All =
    [
        // Who and where.
        new("broker.id", Int, AtLeast(0)),
        new("broker.rack", ConfigType.String, Any),
        new("listeners", List, Any),
        new("advertised.listeners", List, Any),
        new("listener.security.protocol.map", List, Any),
        new("controller.listener.names", List, Any),
        new("log.dir", ConfigType.String, Any),
        new("log.dirs", List, Any),

        // Brokers together.
        new("auto.leader.rebalance.enable", ConfigType.Boolean, Any),
        new("broker.heartbeat.interval.ms", Int, AtLeast(1)),
        new("broker.session.timeout.ms", Int, AtLeast(0)),
        new("controlled.shutdown.enable", ConfigType.Boolean, Any),
        new("controlled.shutdown.max.retries", Int, AtLeast(0)),
        new("controlled.shutdown.retry.backoff.ms", Long, AtLeast(1)),
        new("controller.quorum.election.timeout.ms", Int, AtLeast(1)),
        new("controller.quorum.fetch.max.bytes", Int, AtLeast(1)),
        new("controller.quorum.fetch.snapshot.max.bytes", Int, AtLeast(1)),
        new("controller.quorum.request.timeout.ms", Int, AtLeast(1)),
        new("controller.quorum.voters", List, Any),
        new("controller.retry.ms", Int, AtLeast(1)),
        new("leader.imbalance.check.interval.seconds", Long, AtLeast(1)),
        new("leader.imbalance.per.broker.percentage", Int, Between(0, 100)),

        // Topics.
        new("auto.create.topics.enable", ConfigType.Boolean, Any),
        new("default.replication.factor", Short, AtLeast(1)),
        new("delete.topic.enable", ConfigType.Boolean, Any),
        new("num.partitions", Int, AtLeast(1)),
        new("min.insync.replicas", Int, AtLeast(1), IsDynamic: true),
        new("unclean.leader.election.enable", ConfigType.Boolean, Any, IsDynamic: true),

        // Logs: defaults of the topics' own configs.
        new("compression.gzip.level", Int, Between(-1, 9), IsDynamic: true),
        new("compression.lz4.level", Int, Between(1, 17), IsDynamic: true),
        new(
            "compression.type", ConfigType.String, OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            IsDynamic: true),
        new("compression.zstd.level", Int, Between(-131072, 22), IsDynamic: true),
        new("log.cleaner.delete.retention.ms", Long, AtLeast(0), IsDynamic: true),
        new("log.cleaner.max.compaction.lag.ms", Long, AtLeast(1), IsDynamic: true),
        new("log.cleaner.min.cleanable.ratio", ConfigType.Double, Between(0, 1), IsDynamic: true),
        new("log.cleaner.min.compaction.lag.ms", Long, AtLeast(0), IsDynamic: true),
        new("log.cleanup.policy", List, ListOf("delete", "compact"), IsDynamic: true),
        new("log.flush.interval.messages", Long, AtLeast(1), IsDynamic: true),
        new("log.flush.interval.ms", Long, AtLeast(0), IsDynamic: true),
        new("log.index.interval.bytes", Int, AtLeast(0), IsDynamic: true),
        new("log.index.size.max.bytes", Int, AtLeast(4), IsDynamic: true),
        new("log.message.timestamp.after.max.ms", Long, AtLeast(0), IsDynamic: true),
        new("log.message.timestamp.before.max.ms", Long, AtLeast(0), IsDynamic: true),
        new("log.message.timestamp.type", ConfigType.String, OneOf("CreateTime", "LogAppendTime"), IsDynamic: true),
        new("log.preallocate", ConfigType.Boolean, Any, IsDynamic: true),
        new("log.retention.bytes", Long, AtLeast(-1), IsDynamic: true),
        new("log.retention.hours", Int, AtLeast(-1)),
        new("log.retention.minutes", Int, AtLeast(-1)),
        new("log.retention.ms", Long, AtLeast(-1), IsDynamic: true),
        new("log.roll.hours", Int, AtLeast(1)),
        new("log.roll.jitter.hours", Int, AtLeast(0)),
        new("log.roll.jitter.ms", Long, AtLeast(0), IsDynamic: true),
        new("log.roll.ms", Long, AtLeast(1), IsDynamic: true),
        new("log.segment.bytes", Int, AtLeast(14), IsDynamic: true),
        new("log.segment.delete.delay.ms", Long, AtLeast(0), IsDynamic: true),
        new("message.max.bytes", Int, AtLeast(0), IsDynamic: true),

        // Logs: work in the background.
        new("log.flush.offset.checkpoint.interval.ms", Int, AtLeast(1)),
        new("log.flush.scheduler.interval.ms", Long, AtLeast(1)),
        new("log.flush.start.offset.checkpoint.interval.ms", Int, AtLeast(1)),
        new("log.retention.check.interval.ms", Long, AtLeast(1)),
        new("num.recovery.threads.per.data.dir", Int, AtLeast(1)),

        // Connections and requests.
        new("connections.max.idle.ms", Long, AtLeast(1)),
        new("queued.max.request.bytes", Long, AtLeast(-1)),
        new("pipelined.max.requests", Int, Between(1, 4096)),
        new("pipelined.max.request.bytes", Int, AtLeast(1)),
        new("fetch.max.bytes", Int, Between(1024, MaxInt)),
        new("max.incremental.fetch.session.cache.slots", Int, AtLeast(0)),
        new("max.connections", Int, AtLeast(0)),
        new("max.connections.per.ip", Int, AtLeast(0)),
        new("socket.listen.backlog.size", Int, AtLeast(1)),
        new("socket.receive.buffer.bytes", Int, AtLeast(-1)),
        new("socket.request.max.bytes", Int, AtLeast(1)),
        new("socket.send.buffer.bytes", Int, AtLeast(-1)),

        // Replication.
        new("follower.replication.throttled.rate", Long, AtLeast(0), IsDynamic: true),
        new("inter.broker.listener.name", ConfigType.String, Any),
        new("leader.replication.throttled.rate", Long, AtLeast(0), IsDynamic: true),
        new("num.replica.fetchers", Int, AtLeast(1)),
        new("replica.fetch.backoff.ms", Int, AtLeast(0)),
        new("replica.fetch.max.bytes", Int, AtLeast(0)),
        new("replica.fetch.min.bytes", Int, AtLeast(1)),
        new("replica.fetch.response.max.bytes", Int, AtLeast(0)),
        new("replica.fetch.wait.max.ms", Int, AtLeast(1)),
        new("replica.high.watermark.checkpoint.interval.ms", Long, AtLeast(1)),
        new("replica.lag.time.max.ms", Long, AtLeast(1)),
        new("replica.selector.class", ConfigType.String, OneOf("org.apache.kafka.common.replica.RackAwareReplicaSelector")),
        new("replica.socket.receive.buffer.bytes", Int, AtLeast(-1)),
        new("replica.socket.timeout.ms", Int, AtLeast(1)),

        // Producers.
        new("producer.id.expiration.check.interval.ms", Int, AtLeast(1)),
        new("producer.id.expiration.ms", Int, AtLeast(1)),

        // Groups.
        new("group.initial.rebalance.delay.ms", Int, AtLeast(0)),
        new("group.max.session.timeout.ms", Int, AtLeast(1)),
        new("group.max.size", Int, AtLeast(1)),
        new("group.min.session.timeout.ms", Int, AtLeast(1)),
        new("offset.metadata.max.bytes", Int, AtLeast(0)),
        new("offsets.commit.timeout.ms", Int, AtLeast(1)),
        new("offsets.load.buffer.size", Int, AtLeast(1)),
        new("offsets.retention.check.interval.ms", Long, AtLeast(1)),
        new("offsets.retention.minutes", Int, AtLeast(1)),
        new("offsets.topic.num.partitions", Int, AtLeast(1)),
        new("offsets.topic.replication.factor", Short, AtLeast(1)),
        new("offsets.topic.segment.bytes", Int, AtLeast(1)),
    ];

    public static readonly FrozenDictionary<string, ConfigKey> ByName = All.ToFrozenDictionary(
        k => k.Name, StringComparer.Ordinal);
}
