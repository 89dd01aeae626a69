using System.Collections.Immutable;
using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>What <c>akka.cluster</c> says.</summary>
public sealed class ClusterSettings
{
    public ClusterSettings(Config config, string systemName)
    {
        var cluster = config.GetConfig("akka.cluster")
            ?? throw new ConfigurationException("akka.cluster is not set: is akka.actor.provider = cluster?");
        LogInfoVerbose = cluster.GetBoolean("log-info-verbose");
        LogInfo = LogInfoVerbose || cluster.GetBoolean("log-info");
        FailureDetectorConfig = cluster.GetConfig("failure-detector")!;
        FailureDetectorImplementationClass = FailureDetectorConfig.GetString("implementation-class", "");
        HeartbeatInterval = FailureDetectorConfig.GetTimeSpan("heartbeat-interval");
        HeartbeatExpectedResponseAfter = FailureDetectorConfig.GetTimeSpan("expected-response-after");
        MonitoredByNrOfMembers = AtLeastOne(FailureDetectorConfig, "monitored-by-nr-of-members");
        SeedNodes = [.. cluster.GetStringList("seed-nodes").Select(Seed)];
        SeedNodeTimeout = cluster.GetTimeSpan("seed-node-timeout");
        RetryUnsuccessfulJoinAfter = Optional(cluster, "retry-unsuccessful-join-after");
        ShutdownAfterUnsuccessfulJoinSeedNodes = Optional(cluster, "shutdown-after-unsuccessful-join-seed-nodes");
        PeriodicTasksInitialDelay = cluster.GetTimeSpan("periodic-tasks-initial-delay");
        GossipInterval = cluster.GetTimeSpan("gossip-interval");
        GossipTimeToLive = cluster.GetTimeSpan("gossip-time-to-live");
        LeaderActionsInterval = cluster.GetTimeSpan("leader-actions-interval");
        UnreachableNodesReaperInterval = cluster.GetTimeSpan("unreachable-nodes-reaper-interval");
        PublishStatsInterval = Optional(cluster, "publish-stats-interval");
        AutoDownUnreachableAfter = Optional(cluster, "auto-down-unreachable-after");
        Roles = [.. cluster.GetStringList("roles")];
        AppVersion = VersionOf(cluster.GetString("app-version", "assembly-version"));
        MinNrOfMembers = AtLeastOne(cluster, "min-nr-of-members");
        MinNrOfMembersOfRole = MinimaOfRoles(cluster.GetConfig("role"));
        RunCoordinatedShutdownWhenDown = cluster.GetBoolean("run-coordinated-shutdown-when-down");
        UseDispatcher = cluster.GetString("use-dispatcher", "") is { Length: > 0 } dispatcher
            ? dispatcher : Dispatch.Dispatchers.InternalDispatcherId;
        GossipDifferentViewProbability = cluster.GetDouble("gossip-different-view-probability");
        ReduceGossipDifferentViewProbability = cluster.GetInt("reduce-gossip-different-view-probability");
        SchedulerTickDuration = cluster.GetTimeSpan("scheduler.tick-duration");
        SchedulerTicksPerWheel = cluster.GetInt("scheduler.ticks-per-wheel");
        VerboseHeartbeatLogging = cluster.GetBoolean("debug.verbose-heartbeat-logging");
        VerboseGossipReceivedLogging = cluster.GetBoolean("debug.verbose-receive-gossip-logging");
        UseLegacyHeartbeatMessage = cluster.GetBoolean("use-legacy-heartbeat-message");
        // "on" is how older configurations say it.
        WeaklyUpAfter = cluster.GetString("allow-weakly-up-members", "off") is "on" or "true"
            ? TimeSpan.FromSeconds(7) : Optional(cluster, "allow-weakly-up-members") ?? TimeSpan.Zero;
        AllowWeaklyUpMembers = WeaklyUpAfter > TimeSpan.Zero;
        TombstonesKeptFor = cluster.GetTimeSpan("prune-gossip-tombstones-after");
        QuarantineRemovedNodeAfter = cluster.GetTimeSpan("quarantine-removed-node-after");
        DowningProviderType = cluster.GetString("downing-provider-class", "") is { Length: > 0 } name
            ? TypeNames.Require(name, "akka.cluster.downing-provider-class") : typeof(NoDowning);
        if (!typeof(IDowningProvider).IsAssignableFrom(DowningProviderType))
            throw new ConfigurationException(
                $"[akka.cluster.downing-provider-class] names [{DowningProviderType}], which is no IDowningProvider.");

        Address Seed(string text)
        {
            if (!Address.TryParse(text, out var address) || address.HasLocalScope || address.Port is null)
                throw new ConfigurationException(
                    $"[{text}] in akka.cluster.seed-nodes is no address: akka.tcp://{systemName}@host:port");
            return address;
        }
    }

    public bool LogInfo { get; }
    public bool LogInfoVerbose { get; }
    public Config FailureDetectorConfig { get; }
    public string FailureDetectorImplementationClass { get; }
    public TimeSpan HeartbeatInterval { get; }
    public TimeSpan HeartbeatExpectedResponseAfter { get; }
    public int MonitoredByNrOfMembers { get; }
    public ImmutableList<Address> SeedNodes { get; }
    public TimeSpan SeedNodeTimeout { get; }
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; }
    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; }
    public TimeSpan PeriodicTasksInitialDelay { get; }
    public TimeSpan GossipInterval { get; }
    public TimeSpan GossipTimeToLive { get; }
    public TimeSpan LeaderActionsInterval { get; }
    public TimeSpan UnreachableNodesReaperInterval { get; }
    public TimeSpan? PublishStatsInterval { get; }
    public TimeSpan? AutoDownUnreachableAfter { get; }
    public ImmutableHashSet<string> Roles { get; }
    public AppVersion AppVersion { get; }
    public int MinNrOfMembers { get; }
    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; }
    public bool RunCoordinatedShutdownWhenDown { get; }
    public string UseDispatcher { get; }
    public double GossipDifferentViewProbability { get; }
    public int ReduceGossipDifferentViewProbability { get; }
    public TimeSpan SchedulerTickDuration { get; }
    public int SchedulerTicksPerWheel { get; }
    public bool VerboseHeartbeatLogging { get; }
    public bool VerboseGossipReceivedLogging { get; }
    public bool UseLegacyHeartbeatMessage { get; }
    public bool AllowWeaklyUpMembers { get; }
    public TimeSpan WeaklyUpAfter { get; }
    public Type DowningProviderType { get; }

    internal TimeSpan TombstonesKeptFor { get; }
    internal TimeSpan QuarantineRemovedNodeAfter { get; }

    /// <summary>The defaults.</summary>
    internal static Config DefaultConfig() =>
        ConfigurationFactory.FromResource<ClusterSettings>("Akka.Cluster.cluster.conf");

    internal static TimeSpan? DownRemovalMargin(Config config) =>
        Optional(config.GetConfig("akka.cluster")!, "down-removal-margin");

    private static TimeSpan? Optional(Config config, string key) =>
        config.GetString(key, "off") is "off" or "false" ? null : config.GetTimeSpan(key);

    private static int AtLeastOne(Config config, string key) => config.GetInt(key, 1) is >= 1 and var n
        ? n : throw new ConfigurationException($"akka.cluster...{key} must be at least 1");

    private static AppVersion VersionOf(string text) => text is "" or "assembly-version"
        ? Assembly.GetEntryAssembly()?.GetName().Version is { } version ? AppVersion.Create(version.ToString()) : AppVersion.Zero
        : AppVersion.Create(text);

    private static ImmutableDictionary<string, int> MinimaOfRoles(Config? roles) => roles is null
        ? ImmutableDictionary<string, int>.Empty
        : roles.AsEnumerable().Where(role => roles.HasPath($"{role.Key}.min-nr-of-members"))
            .ToImmutableDictionary(role => role.Key, role => AtLeastOne(roles.GetConfig(role.Key)!, "min-nr-of-members"));
}
