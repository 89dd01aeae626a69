using System.Collections.Immutable;
using System.Numerics;
using ActorBroker.Core.Configs;
using ActorBroker.Protocol;
using Akka.Configuration;

namespace ActorBroker.Hosting.Options;

/// <summary>All that a broker is started with, checked. The values of single keys, also of those without a record here:
/// <see cref="Settings"/>.</summary>
/// <param name="Config">For the actor system.</param>
/// <param name="Warnings">What was given and has no effect, for the log.</param>
public sealed record BrokerOptions(
    BrokerId Id,
    string? Rack,
    ImmutableArray<ListenerOptions> Listeners,
    LogOptions Logs,
    TopicOptions Topics,
    SocketOptions Sockets,
    GroupOptions Groups,
    ProducerOptions Producers,
    ClusterOptions Cluster,
    BrokerSettings Settings,
    Config Config,
    ImmutableArray<string> Warnings)
{
    /// <summary>The configuration from a file, over the defaults of reference.conf, under single keys.</summary>
    /// <param name="file">HOCON, or a Kafka server.properties; null: none.</param>
    /// <param name="keys">Keys that count more than the file, as <c>--set</c> gives them; null as a value is the default.</param>
    /// <exception cref="BrokerConfigException">It is not possible to start with this.</exception>
    public static BrokerOptions Load(string? file = null, IEnumerable<KeyValuePair<string, string?>>? keys = null) =>
        new OptionsLoader().Load(file, keys ?? []);

    internal static BrokerOptions From(
        BrokerSettings settings, Config config, ImmutableArray<string> warnings, Action<string, string> problem) => new(
        Id: new BrokerId(settings.Int("broker.id")),
        Rack: settings["broker.rack"],
        Listeners: ListenerOptions.From(settings, problem),
        Logs: LogOptions.From(settings, problem),
        Topics: TopicOptions.From(settings),
        Sockets: SocketOptions.From(settings),
        Groups: GroupOptions.From(settings, problem),
        Producers: ProducerOptions.From(settings),
        Cluster: ClusterOptions.From(settings, config, problem),
        settings,
        config,
        warnings);
}

/// <summary>The data directories and the work on all logs; what single topics may have otherwise is in
/// <see cref="TopicSettings"/>.</summary>
/// <param name="FlushSchedulerInterval">Null: logs are not looked at for flushing.</param>
/// <param name="DeleteDelay">How long the folders of a deleted topic's partitions stay on disk, roughly.</param>
public sealed record LogOptions(
    ImmutableArray<string> Directories,
    TimeSpan RetentionCheckInterval,
    TimeSpan RecoveryPointInterval,
    TimeSpan StartOffsetInterval,
    TimeSpan HighWatermarkInterval,
    TimeSpan? FlushSchedulerInterval,
    TimeSpan DeleteDelay,
    int RecoveryThreadsPerDirectory)
{
    internal static LogOptions From(BrokerSettings settings, Action<string, string> problem)
    {
        var key = settings["log.dirs"] is null ? "log.dir" : "log.dirs";
        var directories = ConfigRule.Elements(settings[key] ?? "");
        if (directories.Length == 0) problem(key, "names no directory.");
        if (directories.Select(Path.GetFullPath).Distinct().Count() < directories.Length)
            problem(key, "names a directory twice.");
        return new LogOptions(
            [.. directories],
            RetentionCheckInterval: settings.Time("log.retention.check.interval.ms"),
            RecoveryPointInterval: settings.Time("log.flush.offset.checkpoint.interval.ms"),
            StartOffsetInterval: settings.Time("log.flush.start.offset.checkpoint.interval.ms"),
            HighWatermarkInterval: settings.Time("replica.high.watermark.checkpoint.interval.ms"),
            FlushSchedulerInterval: settings.Long("log.flush.scheduler.interval.ms") is var ms && ms < int.MaxValue
                ? TimeSpan.FromMilliseconds(ms)
                : null,
            DeleteDelay: TimeSpan.FromMilliseconds(Math.Clamp(settings.Long("log.segment.delete.delay.ms"), 1000, int.MaxValue)),
            RecoveryThreadsPerDirectory: settings.Int("num.recovery.threads.per.data.dir"));
    }
}

public sealed record TopicOptions(bool AutoCreate, int Partitions, int ReplicationFactor, bool DeleteEnabled)
{
    internal static TopicOptions From(BrokerSettings settings) => new(
        AutoCreate: settings.Bool("auto.create.topics.enable"),
        Partitions: settings.Int("num.partitions"),
        ReplicationFactor: settings.Int("default.replication.factor"),
        DeleteEnabled: settings.Bool("delete.topic.enable"));
}

/// <param name="SendBufferBytes">Null: as the operating system has it; so too <paramref name="ReceiveBufferBytes"/>.</param>
/// <param name="QueuedRequestBytes">Large requests in memory at one time, of all connections; null: no limit.</param>
/// <param name="PipelinedRequests">Produce requests of a connection taken before the first is answered; a power of two.</param>
/// <param name="PipelinedBytes">Bytes of those requests.</param>
public sealed record SocketOptions(
    int RequestMaxBytes, int? SendBufferBytes, int? ReceiveBufferBytes, int Backlog, int MaxConnections,
    int MaxConnectionsPerAddress,
    TimeSpan MaxIdle, long? QueuedRequestBytes, int PipelinedRequests, int PipelinedBytes, int FetchMaxBytes,
    int FetchSessions)
{
    internal static SocketOptions From(BrokerSettings settings) => new(
        RequestMaxBytes: settings.Int("socket.request.max.bytes"),
        SendBufferBytes: settings.Int("socket.send.buffer.bytes") is var send && send > 0 ? send : null,
        ReceiveBufferBytes: settings.Int("socket.receive.buffer.bytes") is var receive && receive > 0 ? receive : null,
        Backlog: settings.Int("socket.listen.backlog.size"),
        MaxConnections: settings.Int("max.connections"),
        MaxConnectionsPerAddress: settings.Int("max.connections.per.ip"),
        MaxIdle: settings.Time("connections.max.idle.ms"),
        QueuedRequestBytes: settings.Long("queued.max.request.bytes") is var queued && queued > 0 ? queued : null,
        PipelinedRequests: (int)BitOperations.RoundUpToPowerOf2((uint)settings.Int("pipelined.max.requests")),
        PipelinedBytes: settings.Int("pipelined.max.request.bytes"),
        FetchMaxBytes: settings.Int("fetch.max.bytes"),
        FetchSessions: settings.Int("max.incremental.fetch.session.cache.slots"));
}

public sealed record GroupOptions(
    TimeSpan InitialRebalanceDelay, TimeSpan MinSessionTimeout, TimeSpan MaxSessionTimeout, int MaxSize,
    int OffsetsPartitions, int OffsetsReplicationFactor, int OffsetsSegmentBytes, TimeSpan OffsetsRetention,
    TimeSpan OffsetsRetentionCheckInterval,
    int OffsetMetadataMaxBytes, int LoadBufferBytes, TimeSpan CommitTimeout)
{
    internal static GroupOptions From(BrokerSettings settings, Action<string, string> problem)
    {
        if (settings.Int("group.min.session.timeout.ms") > settings.Int("group.max.session.timeout.ms"))
            problem("group.min.session.timeout.ms", "must not be larger than group.max.session.timeout.ms.");
        return new GroupOptions(
            InitialRebalanceDelay: settings.Time("group.initial.rebalance.delay.ms"),
            MinSessionTimeout: settings.Time("group.min.session.timeout.ms"),
            MaxSessionTimeout: settings.Time("group.max.session.timeout.ms"),
            MaxSize: settings.Int("group.max.size"),
            OffsetsPartitions: settings.Int("offsets.topic.num.partitions"),
            OffsetsReplicationFactor: settings.Int("offsets.topic.replication.factor"),
            OffsetsSegmentBytes: settings.Int("offsets.topic.segment.bytes"),
            OffsetsRetention: settings.Time("offsets.retention.minutes"),
            OffsetsRetentionCheckInterval: settings.Time("offsets.retention.check.interval.ms"),
            OffsetMetadataMaxBytes: settings.Int("offset.metadata.max.bytes"),
            LoadBufferBytes: settings.Int("offsets.load.buffer.size"),
            CommitTimeout: settings.Time("offsets.commit.timeout.ms"));
    }
}

public sealed record ProducerOptions(TimeSpan IdExpiration, TimeSpan IdExpirationCheckInterval)
{
    internal static ProducerOptions From(BrokerSettings settings) => new(
        IdExpiration: settings.Time("producer.id.expiration.ms"),
        IdExpirationCheckInterval: settings.Time("producer.id.expiration.check.interval.ms"));
}
