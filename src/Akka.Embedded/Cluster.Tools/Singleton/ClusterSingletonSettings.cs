using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Settings of manager and proxy of a <see cref="SingletonActor"/>.</summary>
public class ClusterSingletonSettings : INoSerializationVerificationNeeded
{
    private readonly ClusterSingletonManagerSettings _manager;
    private readonly ClusterSingletonProxySettings _proxy;

    private ClusterSingletonSettings(ClusterSingletonManagerSettings manager, ClusterSingletonProxySettings proxy)
    {
        _manager = manager;
        _proxy = proxy;
    }

    public string Role => _manager.Role;
    public TimeSpan RemovalMargin => _manager.RemovalMargin;
    public TimeSpan HandOverRetryInterval => _manager.HandOverRetryInterval;
    public TimeSpan SingletonIdentificationInterval => _proxy.SingletonIdentificationInterval;
    public int BufferSize => _proxy.BufferSize;
    public bool ConsiderAppVersion => _manager.ConsiderAppVersion;

    /// <summary>What <c>akka.cluster.singleton</c> and <c>akka.cluster.singleton-proxy</c> say.</summary>
    public static ClusterSingletonSettings Create(ActorSystem system) =>
        new(ClusterSingletonManagerSettings.Create(system), ClusterSingletonProxySettings.Create(system));

    /// <summary>What a section that has <c>singleton</c> and <c>singleton-proxy</c> says.</summary>
    public static ClusterSingletonSettings Create(Config config)
    {
        var proxy = config.GetConfig("singleton-proxy")!;
        return new(ClusterSingletonManagerSettings.Create(config.GetConfig("singleton")!),
            ClusterSingletonProxySettings.Create(proxy, proxy.GetBoolean("consider-app-version")));
    }

    public ClusterSingletonSettings WithRole(string role) => new(_manager.WithRole(role), _proxy.WithRole(role));

    public ClusterSingletonSettings WithRemovalMargin(TimeSpan removalMargin) =>
        new(_manager.WithRemovalMargin(removalMargin), _proxy);

    public ClusterSingletonSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) =>
        new(_manager.WithHandOverRetryInterval(handOverRetryInterval), _proxy);

    public override string ToString() => $"ClusterSingletonSettings(role [{Role}], removal margin {RemovalMargin})";

    internal ClusterSingletonManagerSettings ToManager(string name) => _manager.WithSingletonName(name);

    internal ClusterSingletonProxySettings ToProxy(string name) => _proxy.WithSingletonName(name);
}
