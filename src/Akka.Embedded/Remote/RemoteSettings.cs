using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote;

/// <summary><c>akka.remote</c>, except for the transport's own section.</summary>
public class RemoteSettings
{
    public static readonly string AkkaScheme = "akka.tcp";

    public RemoteSettings(Config config)
    {
        Config = config;
        var remote = config.GetConfig("akka.remote") ?? throw new ConfigurationException("[akka.remote] is missing.");
        LogReceive = remote.GetBoolean("log-received-messages");
        LogSend = remote.GetBoolean("log-sent-messages");
        UntrustedMode = remote.GetBoolean("untrusted-mode");
        TrustedSelectionPaths = [.. remote.GetStringList("trusted-selection-paths")];
        RemoteLifecycleEventsLogLevel = LevelOf(remote.GetString("log-remote-lifecycle-events", "on")!);
        Dispatcher = remote.GetString("use-dispatcher", "")!;
        StartupTimeout = remote.GetTimeSpan("startup-timeout");
        ShutdownTimeout = remote.GetTimeSpan("shutdown-timeout");
        FlushWait = remote.GetTimeSpan("flush-wait-on-shutdown");
        RetryGateClosedFor = Positive(remote, "retry-gate-closed-for");
        QuarantineDuration = Positive(remote, "prune-quarantine-marker-after");
        QuarantineSilentSystemTimeout = Positive(remote, "quarantine-after-silence");
        SysMsgBufferSize = PositiveInt(remote, "system-message-buffer-size");
        SysResendTimeout = Positive(remote, "resend-interval");
        SysResendLimit = PositiveInt(remote, "resend-limit");
        InitialSysMsgDeliveryTimeout = Positive(remote, "initial-system-message-delivery-timeout");
        WatchFailureDetectorConfig = remote.GetConfig("watch-failure-detector")!;
        WatchFailureDetectorImplementationClass = WatchFailureDetectorConfig.GetString("implementation-class", "")!;
        WatchHeartBeatInterval = Positive(WatchFailureDetectorConfig, "heartbeat-interval");
        WatchUnreachableReaperInterval = Positive(WatchFailureDetectorConfig, "unreachable-nodes-reaper-interval");
        WatchHeartbeatExpectedResponseAfter = Positive(WatchFailureDetectorConfig, "expected-response-after");
        TransportHeartbeatInterval = Positive(remote, "transport-failure-detector.heartbeat-interval");
        TransportAcceptablePause = Positive(remote, "transport-failure-detector.acceptable-heartbeat-pause");
        OutboundQueueBytes = Bytes(remote, "outbound-queue-bytes", 1024);
        MaxHandshakes = PositiveInt(remote, "max-concurrent-handshakes");
        MaxAssociations = PositiveInt(remote, "max-associations");
    }

    public Config Config { get; }
    public bool LogReceive { get; set; }
    public bool LogSend { get; set; }

    /// <summary>Drops messages of others that could do harm: system messages' kin, and selections but for those below.</summary>
    public bool UntrustedMode { get; set; }
    public HashSet<string> TrustedSelectionPaths { get; set; }

    /// <summary>A level's name, or OFF.</summary>
    public string RemoteLifecycleEventsLogLevel { get; set; }
    public string Dispatcher { get; set; }
    public TimeSpan StartupTimeout { get; set; }
    public TimeSpan ShutdownTimeout { get; set; }
    public TimeSpan FlushWait { get; set; }
    public TimeSpan RetryGateClosedFor { get; set; }
    public TimeSpan? QuarantineDuration { get; set; }
    public TimeSpan QuarantineSilentSystemTimeout { get; set; }
    public int SysMsgBufferSize { get; set; }
    public TimeSpan SysResendTimeout { get; set; }
    public int SysResendLimit { get; set; }
    public TimeSpan InitialSysMsgDeliveryTimeout { get; set; }
    public Config WatchFailureDetectorConfig { get; set; }
    public string WatchFailureDetectorImplementationClass { get; set; }
    public TimeSpan WatchHeartBeatInterval { get; set; }
    public TimeSpan WatchUnreachableReaperInterval { get; set; }
    public TimeSpan WatchHeartbeatExpectedResponseAfter { get; set; }

    internal TimeSpan TransportHeartbeatInterval { get; }
    internal TimeSpan TransportAcceptablePause { get; }

    /// <summary>Bytes of user messages that may wait for one other system.</summary>
    internal long OutboundQueueBytes { get; }

    /// <summary>Inbound connections that have not said yet who they are.</summary>
    internal int MaxHandshakes { get; }

    /// <summary>Addresses of others that are remembered.</summary>
    internal int MaxAssociations { get; }

    /// <summary>Puts remoting's own actors on remoting's dispatcher.</summary>
    public Props ConfigureDispatcher(Props props) =>
        string.IsNullOrEmpty(Dispatcher) ? props : props.WithDispatcher(Dispatcher);

    private static string LevelOf(string text) => text.ToUpperInvariant() switch
    {
        "ON" or "TRUE" => "DEBUG",
        "OFF" or "FALSE" => "OFF",
        var level => level,
    };

    private static TimeSpan Positive(Config config, string key) =>
        config.GetTimeSpan(key) is var time && time > TimeSpan.Zero ? time : throw Refused(key, "a time above zero");

    private static int PositiveInt(Config config, string key) =>
        config.GetInt(key) is var number and > 0 ? number : throw Refused(key, "a number above zero");

    private static long Bytes(Config config, string key, long least) =>
        config.GetByteSize(key, null) is { } bytes && bytes >= least ? bytes : throw Refused(key, $"at least {least} bytes");

    private static ConfigurationException Refused(string key, string rule) => new($"[akka.remote … {key}] must be {rule}.");
}
