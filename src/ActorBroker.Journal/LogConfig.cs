using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal;

/// <summary>
/// What a topic's configuration says about its logs; the names are Kafka's. May be replaced while a log is open.
/// </summary>
/// <remarks>The defaults here serve tests; the broker fills in all from its configuration.</remarks>
public sealed record LogConfig
{
    public static readonly LogConfig Default = new();

    /// <summary><c>segment.bytes</c>: a segment that would grow beyond it is closed.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary><c>segment.ms</c>: age by the records' timestamps at which the active segment is closed.</summary>
    public long SegmentMs { get; init; } = 7 * 24 * 3600 * 1000L;

    /// <summary><c>segment.jitter.ms</c>: up to this much earlier, so that not all logs roll at once.</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary><c>segment.index.bytes</c>: a segment whose index is that full is closed.</summary>
    public int SegmentIndexBytes { get; init; } = 10 << 20;

    /// <summary><c>index.interval.bytes</c>: log bytes between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>retention.ms</c>; -1: for ever.</summary>
    public long RetentionMs { get; init; } = 7 * 24 * 3600 * 1000L;

    /// <summary><c>retention.bytes</c>; -1: no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>cleanup.policy</c> contains <c>delete</c>: retention by time and size applies.</summary>
    public bool CleanupDelete { get; init; } = true;

    /// <summary><c>cleanup.policy</c> contains <c>compact</c>.</summary>
    public bool CleanupCompact { get; init; }

    /// <summary><c>file.delete.delay.ms</c>: how long a deleted segment's files stay, under another name.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary><c>flush.messages</c>: unflushed records after which a flush is due; 1: before each acknowledgement.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: time since the last flush after which one is due.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.type</c>.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>producer.id.expiration.ms</c> (a broker key): an idempotent producer idle for longer is forgotten.</summary>
    public long ProducerIdExpirationMs { get; init; } = 24 * 3600 * 1000L;
}
