using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Where the coordinator's state is kept. All mean the same here: nowhere; regions tell it.</summary>
public enum StateStoreMode
{
    Persistence = 0,
    DData = 1,
}

/// <summary>Settings of one type of entities.</summary>
public sealed class ClusterShardingSettings : INoSerializationVerificationNeeded
{
    /// <summary>Only members with this role host shards; null: all.</summary>
    public readonly string? Role;

    /// <summary>Always false.</summary>
    public readonly bool RememberEntities;

    /// <summary>An entity without messages for so long is stopped; zero: never.</summary>
    public readonly TimeSpan PassivateIdleEntityAfter;

    /// <summary>Without effect.</summary>
    public readonly StateStoreMode StateStoreMode;

    public readonly TimeSpan ShardRegionQueryTimeout;
    public readonly TuningParameters TuningParameters;
    public readonly ClusterSingletonManagerSettings CoordinatorSingletonSettings;

    private ClusterShardingSettings(string? role, bool rememberEntities, TimeSpan passivateIdleEntityAfter,
        StateStoreMode stateStoreMode, TimeSpan shardRegionQueryTimeout, TuningParameters tuningParameters,
        ClusterSingletonManagerSettings coordinatorSingletonSettings)
    {
        if (rememberEntities)
            throw new ConfigurationException("akka.cluster.sharding.remember-entities is not supported: it must be off");
        Role = string.IsNullOrEmpty(role) ? null : role;
        PassivateIdleEntityAfter = passivateIdleEntityAfter;
        StateStoreMode = stateStoreMode;
        ShardRegionQueryTimeout = shardRegionQueryTimeout;
        TuningParameters = tuningParameters;
        CoordinatorSingletonSettings = coordinatorSingletonSettings;
    }

    /// <summary>What <c>akka.cluster.sharding</c> says.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        system.Settings.InjectTopLevelFallback(ClusterSharding.DefaultConfig());
        system.Settings.InjectTopLevelFallback(ClusterSingletonManager.DefaultConfig());
        var config = system.Settings.Config;
        var sharding = config.GetConfig("akka.cluster.sharding")!;
        var singleton = sharding.GetString("coordinator-singleton", "");
        return Create(sharding, config.GetConfig(singleton)
            ?? throw new ConfigurationException($"akka.cluster.sharding.coordinator-singleton: there is no [{singleton}]"));
    }

    /// <summary>What sections like <c>akka.cluster.sharding</c> and <c>akka.cluster.singleton</c> say.</summary>
    /// <exception cref="ConfigurationException">A setting is out of its range or not supported; names it.</exception>
    public static ClusterShardingSettings Create(Config config, Config singletonConfig)
    {
        const string idleKey = "passivate-idle-entity-after";
        return new ClusterShardingSettings(
            config.GetString("role", ""),
            config.GetBoolean("remember-entities"),
            config.GetString(idleKey, "") is "off" ? TimeSpan.Zero : config.GetTimeSpan(idleKey),
            config.GetString("state-store-mode", "").ToLowerInvariant() switch
            {
                "persistence" => StateStoreMode.Persistence,
                "ddata" => StateStoreMode.DData,
                var other => throw new ConfigurationException($"akka.cluster.sharding.state-store-mode [{other}] is unknown"),
            },
            config.GetTimeSpan("shard-region-query-timeout"),
            TuningParameters.From(config),
            ClusterSingletonManagerSettings.Create(singletonConfig));
    }

    public ClusterShardingSettings WithRole(string? role) => Copy(role: role ?? "");

    /// <exception cref="ConfigurationException">They shall be remembered.</exception>
    public ClusterShardingSettings WithRememberEntities(bool rememberEntities) => Copy(rememberEntities: rememberEntities);

    public ClusterShardingSettings WithStateStoreMode(StateStoreMode mode) => Copy(mode: mode);
    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => Copy(idle: duration);
    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) => Copy(tuning: tuningParameters);

    public ClusterShardingSettings WithCoordinatorSingletonSettings(
        ClusterSingletonManagerSettings coordinatorSingletonSettings) => Copy(singleton: coordinatorSingletonSettings);

    internal bool HostsShards(Cluster cluster) => Role is null || cluster.SelfRoles.Contains(Role);

    private ClusterShardingSettings Copy(string? role = null, bool? rememberEntities = null, TimeSpan? idle = null,
        StateStoreMode? mode = null, TuningParameters? tuning = null, ClusterSingletonManagerSettings? singleton = null) =>
        new(role ?? Role, rememberEntities ?? RememberEntities, idle ?? PassivateIdleEntityAfter, mode ?? StateStoreMode,
            ShardRegionQueryTimeout, tuning ?? TuningParameters, singleton ?? CoordinatorSingletonSettings);
}
