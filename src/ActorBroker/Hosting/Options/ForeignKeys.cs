namespace ActorBroker.Hosting.Options;

/// <summary>
/// Keys of Kafka's server.properties that are not ActorBroker's. Those that only tune Kafka's own machinery are accepted with
/// a warning, so that a file can be taken over as it is. Those that ask for protection are refused: it would be missing.
/// </summary>
internal static class ForeignKeys
{
    private static readonly (string Prefix, string Why)[] Ignored =
    [
        ("zookeeper.", "ActorBroker needs no ZooKeeper"),
        ("process.roles", "every broker is its own controller"),
        ("controller.", "every broker is its own controller"),
        ("metadata.log.", "the controller's journal has no settings of Kafka's"),
        ("metadata.max.", "the controller's journal has no settings of Kafka's"),
        ("transaction.state.log.", "there are no transactions yet"),
        ("transactional.id.", "there are no transactions yet"),
        ("transaction.", "there are no transactions yet"),
        ("num.network.threads", "connections are served by the runtime's thread pool"),
        ("num.io.threads", "actors run on the runtime's thread pool"),
        ("background.threads", "actors run on the runtime's thread pool"),
        ("num.replica.", "replicas are not moved between directories yet"),
        ("replica.", "this setting of replication has no counterpart"),
        ("inter.broker.", "brokers speak the newest version of the protocol with each other"),
        ("initial.broker.", "there is no other broker to tell"),
        ("log.cleaner.", "this setting of the log cleaner has no counterpart"),
        ("log.initial.task.delay.ms", "recovery starts at once"),
        ("log.dir.failure.timeout.ms", "a failed disk stops the broker"),
        ("log.message.format.version", "batches are of format 2"),
        ("log.message.downconversion.enable", "batches are never converted"),
        ("log.message.timestamp.difference.max.ms", "replaced by log.message.timestamp.before.max.ms and after.max.ms"),
        ("group.coordinator.", "the coordinator's work is not batched by time"),
        ("group.consumer.", "only the classic group protocol is served yet"),
        ("group.share.", "there are no share groups yet"),
        ("share.coordinator.", "there are no share groups yet"),
        ("offsets.topic.compression.codec", "offsets are stored uncompressed"),
        ("queued.max.requests", "large requests are bounded by queued.max.request.bytes, small ones by what a connection keeps"),
        ("request.timeout.ms", "see replica.socket.timeout.ms"),
        ("connection", "this limit has no counterpart"),
        ("max.connection", "this limit has no counterpart"),
        ("fetch.purgatory.", "waiting requests are parked in their partition's actor"),
        ("producer.purgatory.", "waiting requests are parked in their partition's actor"),
        ("delete.records.purgatory.", "waiting requests are parked in their partition's actor"),
        ("metric", "metrics are not reported in this way"),
        ("kafka.metrics.", "metrics are not reported in this way"),
        ("auto.include.jmx.reporter", "metrics are not reported in this way"),
        ("telemetry.", "clients' telemetry is not collected"),
        ("quota.", "there are no quotas yet"),
        ("remote.log.", "there is no remote storage"),
        ("unstable.", "no unstable feature of Kafka's is served"),
    ];

    private static readonly (string Prefix, string Why)[] Refused =
    [
        ("ssl.", "TLS"), ("sasl.", "authentication"), ("security.", "a security setting"), ("authorizer.", "authorization"),
        ("super.users", "authorization"), ("principal.builder.", "authorization"), ("password.encoder.", "encrypted passwords"),
        ("delegation.token.", "delegation tokens"), ("allow.everyone.", "authorization"), ("create.topic.policy.", "policies"),
        ("alter.config.policy.", "policies"),
    ];

    /// <summary>Why the key has no effect; null if it is none of Kafka's that may be ignored.</summary>
    public static string? WhyIgnored(string key) => Find(Ignored, key);

    /// <summary>What the key asks for that ActorBroker can't do yet; null if it is no such key.</summary>
    public static string? WhyRefused(string key) => Find(Refused, key);

    private static string? Find((string Prefix, string Why)[] table, string key)
    {
        foreach (var (prefix, why) in table)
            if (key.StartsWith(prefix, StringComparison.Ordinal)) return why;
        return null;
    }
}
