using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Settings of a <see cref="ClusterSingletonManager"/>. Leases are not supported.</summary>
public sealed class ClusterSingletonManagerSettings : INoSerializationVerificationNeeded
{
    /// <param name="singletonName">Name of the singleton below its manager.</param>
    /// <param name="role">Only members with this role run it; null or empty: all.</param>
    /// <param name="removalMargin">How long a removed member may still run it; zero: as the downing provider says.</param>
    /// <param name="handOverRetryInterval">How often a hand-over is asked for until it is done.</param>
    /// <param name="considerAppVersion">Must be false.</param>
    /// <exception cref="ArgumentException">A setting is out of its range; names it.</exception>
    public ClusterSingletonManagerSettings(string singletonName, string? role, TimeSpan removalMargin,
        TimeSpan handOverRetryInterval, bool considerAppVersion)
    {
        if (string.IsNullOrEmpty(singletonName)) throw new ArgumentException("singleton-name must not be empty");
        if (removalMargin < TimeSpan.Zero) throw new ArgumentException("removalMargin must not be negative");
        if (handOverRetryInterval <= TimeSpan.Zero) throw new ArgumentException("hand-over-retry-interval must be positive");
        if (considerAppVersion) throw new ConfigurationException("akka.cluster.singleton.consider-app-version is not supported");
        SingletonName = singletonName;
        Role = role ?? "";
        RemovalMargin = removalMargin;
        HandOverRetryInterval = handOverRetryInterval;
        ConsiderAppVersion = considerAppVersion;
    }

    public string SingletonName { get; }
    public string Role { get; }
    public TimeSpan RemovalMargin { get; }
    public TimeSpan HandOverRetryInterval { get; }
    public bool ConsiderAppVersion { get; }

    /// <summary>What <c>akka.cluster.singleton</c> says.</summary>
    public static ClusterSingletonManagerSettings Create(ActorSystem system)
    {
        system.Settings.InjectTopLevelFallback(ClusterSingletonManager.DefaultConfig());
        return Create(system.Settings.Config.GetConfig("akka.cluster.singleton")!);
    }

    /// <summary>What a section like <c>akka.cluster.singleton</c> says.</summary>
    public static ClusterSingletonManagerSettings Create(Config config) => new(
        config.GetString("singleton-name", ""), config.GetString("role", ""), TimeSpan.Zero,
        config.GetTimeSpan("hand-over-retry-interval"), config.GetBoolean("consider-app-version"));

    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) => Copy(singletonName: singletonName);
    public ClusterSingletonManagerSettings WithRole(string role) => Copy(role: role);
    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) => Copy(removalMargin: removalMargin);

    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        Copy(handOverRetryInterval: handOverRetryInterval);

    private ClusterSingletonManagerSettings Copy(string? singletonName = null, string? role = null,
        TimeSpan? removalMargin = null, TimeSpan? handOverRetryInterval = null) =>
        new(singletonName ?? SingletonName, role ?? Role, removalMargin ?? RemovalMargin,
            handOverRetryInterval ?? HandOverRetryInterval, ConsiderAppVersion);
}
