using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Sharding.Internal;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Pattern;

namespace Akka.Cluster.Sharding;

/// <summary>Makes the <see cref="ClusterSharding"/> extension of a system.</summary>
public sealed class ClusterShardingExtensionProvider : ExtensionIdProvider<ClusterSharding>
{
    public override ClusterSharding CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>
/// Spreads entities (actors with an id) over the members of a cluster. Entities live in shards, shards are hosted by regions, a
/// coordinator says which by which; messages go to the region of the sender's node, which finds the way.
/// </summary>
/// <remarks>
/// At most once: messages are lost with a node, and where a shard's old home drops what reached it while the shard was moving.
/// An entity runs at most once in a cluster that is one, whatever the coordinator goes through. Not supported: remembered
/// entities.
/// </remarks>
public partial class ClusterSharding : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly Cluster _cluster;
    private readonly LocalActorRef _guardian;
    private readonly string _dispatcher;
    private readonly ConcurrentDictionary<string, IActorRef> _regions = new();
    private readonly ConcurrentDictionary<string, IActorRef> _proxies = new();
    private readonly Lock _gate = new();

    public ClusterSharding(ExtendedActorSystem system)
    {
        _system = system;
        _cluster = Cluster.Get(system);
        Settings = ClusterShardingSettings.Create(system);
        var config = system.Settings.Config.GetConfig("akka.cluster.sharding")!;
        _dispatcher = config.GetString("use-dispatcher", "");
        var guardian = Props.Create(() => new ShardingGuardian()).WithDispatcher(_dispatcher);
        _guardian = (LocalActorRef)system.SystemActorOf(guardian, config.GetString("guardian-name", ""));
    }

    public ClusterShardingSettings Settings { get; }

    /// <summary>The types that have a region here.</summary>
    public ImmutableHashSet<string> ShardTypeNames => [.. _regions.Keys];

    /// <summary>The defaults of <c>akka.cluster.sharding</c>.</summary>
    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource<ClusterSharding>("Akka.Cluster.Sharding.sharding.conf");

    public static ClusterSharding Get(ActorSystem system) =>
        system.WithExtension<ClusterSharding, ClusterShardingExtensionProvider>();

    /// <summary>The region of a type; on a node that hosts none, the proxy.</summary>
    /// <exception cref="ArgumentException">The type has not been started here.</exception>
    public IActorRef ShardRegion(string typeName) => _regions.GetValueOrDefault(typeName) ?? ShardRegionProxy(typeName);

    /// <summary>The proxy of a type.</summary>
    /// <exception cref="ArgumentException">The type has no proxy here.</exception>
    public IActorRef ShardRegionProxy(string typeName) => _proxies.GetValueOrDefault(typeName)
        ?? throw new ArgumentException($"Type [{typeName}] has not been started here", nameof(typeName));

    /// <summary>The strategy that types have to which none is given.</summary>
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings)
    {
        var tuning = settings.TuningParameters;
        return tuning.LeastShardAllocationAbsoluteLimit > 0
            ? ShardAllocationStrategy.LeastShardAllocationStrategy(tuning.LeastShardAllocationAbsoluteLimit,
                tuning.LeastShardAllocationRelativeLimit)
            : new LeastShardAllocationStrategy(tuning.LeastShardAllocationRebalanceThreshold,
                tuning.LeastShardAllocationMaxSimultaneousRebalance);
    }

    /// <summary>A region, once for each type; a proxy, if this node has not the role to host shards.</summary>
    private IActorRef StartRegion(string typeName, Func<string, Props> entityProps, ClusterShardingSettings settings,
        IMessageExtractor extractor, IShardAllocationStrategy? strategy, object? handOffStopMessage)
    {
        if (!settings.HostsShards(_cluster)) return StartProxy(typeName, settings, extractor);
        lock (_gate)
        {
            if (_regions.TryGetValue(typeName, out var known)) return known;
            var name = Uri.EscapeDataString(typeName);
            strategy ??= DefaultShardAllocationStrategy(settings);
            Child(CoordinatorProps(typeName, settings, strategy), $"{name}Coordinator");
            var recipe = new RegionRecipe(typeName, entityProps, settings, extractor, handOffStopMessage ?? PoisonPill.Instance);
            return _regions[typeName] = Child(Props.Create(() => new RegionActor(recipe)), name);
        }
    }

    private IActorRef StartProxy(string typeName, ClusterShardingSettings settings, IMessageExtractor extractor)
    {
        lock (_gate)
        {
            if (_proxies.TryGetValue(typeName, out var known)) return known;
            var recipe = new RegionRecipe(typeName, null, settings, extractor, PoisonPill.Instance);
            var name = $"{Uri.EscapeDataString(typeName)}Proxy";
            return _proxies[typeName] = Child(Props.Create(() => new RegionActor(recipe)), name);
        }
    }

    private Props CoordinatorProps(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        var backoff = settings.TuningParameters.CoordinatorFailureBackoff;
        var coordinator = Props.Create(() => new CoordinatorActor(typeName, settings, strategy)).WithDispatcher(_dispatcher);
        // A new coordinator has a new reference, so that regions notice and tell it what they host.
        var supervised = BackoffSupervisor.Props(Backoff.OnStop(coordinator, "coordinator", backoff, 5 * backoff, 0.2)
            .WithDefaultStoppingStrategy()).WithDispatcher(_dispatcher);
        return ClusterSingletonManager.Props(supervised, PoisonPill.Instance,
            settings.CoordinatorSingletonSettings.WithSingletonName("singleton").WithRole(settings.Role ?? ""));
    }

    private IActorRef Child(Props props, string name) => _guardian.Cell.AttachChild(
        props.Deploy.Dispatcher == Deploy.NoDispatcherGiven ? props.WithDispatcher(_dispatcher) : props,
        isSystemService: true, name);

    /// <summary>Parent of all of sharding.</summary>
    private sealed class ShardingGuardian : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
