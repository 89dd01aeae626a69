using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Makes the <see cref="ClusterSingleton"/> extension of a system.</summary>
public class ClusterSingletonProvider : ExtensionIdProvider<ClusterSingleton>
{
    public override ClusterSingleton CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Starts manager and proxy of a singleton in one call.</summary>
public class ClusterSingleton : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly Dictionary<string, IActorRef> _proxies = [];
    private readonly Lock _gate = new();

    public ClusterSingleton(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(ClusterSingletonManager.DefaultConfig());
    }

    public static ClusterSingleton Get(ActorSystem system) => system.WithExtension<ClusterSingleton, ClusterSingletonProvider>();

    /// <summary>Starts the manager, if this node has the role, and a proxy to the singleton; once for each name.</summary>
    /// <returns>The proxy.</returns>
    public IActorRef Init(SingletonActor singleton)
    {
        var settings = singleton.Settings.HasValue ? singleton.Settings.Value : ClusterSingletonSettings.Create(_system);
        var managerName = $"singletonManager{singleton.Name}";
        lock (_gate)
        {
            if (_proxies.TryGetValue(singleton.Name, out var known)) return known;
            if (settings.Role.Length == 0 || Cluster.Get(_system).SelfRoles.Contains(settings.Role))
                _system.SystemActorOf(ClusterSingletonManager.Props(singleton.Props,
                    singleton.StopMessage.GetOrElse(PoisonPill.Instance), settings.ToManager(singleton.Name)), managerName);
            var proxy = _system.SystemActorOf(
                ClusterSingletonProxy.Props($"/system/{managerName}", settings.ToProxy(singleton.Name)),
                $"singletonProxy{singleton.Name}");
            _proxies.Add(singleton.Name, proxy);
            return proxy;
        }
    }
}
