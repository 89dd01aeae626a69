using ActorBroker.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Groups;
using ActorBroker.Hosting.Options;
using ActorBroker.Logs;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Fetching;
using ActorBroker.Replicas.Regions;
using ActorBroker.Threads;
using Akka;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>
/// <c>/user/broker</c>: starts the broker's actors. Each of them is the only one of its kind, so when one fails beyond its own
/// repair, the broker as a whole stops: a restart finds everything in its logs.
/// </summary>
internal sealed class BrokerGuardian : ReceiveActor
{
    private const string FollowerName = "follower";

    private readonly ILogger _log;
    private readonly IActorRef _metadata;
    private bool _isStopping;

    public static Props Props(BrokerParts parts, IActorRef controller) =>
        Akka.Actor.Props.Create(() => new BrokerGuardian(parts, controller));

    public BrokerGuardian(BrokerParts parts, IActorRef controller)
    {
        _log = parts.Environment.Logging.CreateLogger<BrokerGuardian>();
        var fetchers = Start(FetchersOf(parts), "fetchers");
        var inSync = Start(InSyncOf(parts), "in-sync");
        var offline = Start(
            OfflineReplicas.Props(parts.Options.Id, parts.Environment.Logging.CreateLogger<OfflineReplicas>()), "offline");
        var home = HomeOf(parts) with { Fetchers = fetchers, InSync = inSync, Offline = offline };
        Start(UndeliveredRequests.Props(), "undelivered");
        IReplicaRegion region = parts.Options.Cluster.IsClustered
            ? ShardedReplicaRegion.Start(Context.System, home)
            : new LocalReplicaRegion(Start(LocalReplicaRegion.Props(home), "replicas"));
        _metadata = Start(MetadataActor.Props(MetadataPartsOf(parts, region)), "metadata");
        _metadata.Tell(new MetadataActor.Subscribe(fetchers));
        _metadata.Tell(new MetadataActor.Subscribe(inSync));
        _metadata.Tell(new MetadataActor.Subscribe(offline));
        Start(
            LogManager.Props(
                parts.Directories, region, parts.Options.Logs, parts.Environment.Logging.CreateLogger<LogManager>()),
            "logs");
        _metadata.Tell(new MetadataActor.Subscribe(Start(GroupsOf(parts), "groups")));
        Start(MetadataFollower.Props(FollowerPartsOf(parts, controller)), FollowerName);

        Receive<InSyncProposals.Use>(use =>
        {
            inSync.Forward(use);
            offline.Forward(use);
        });
        Receive<MetadataActor.StopReplicas>(stop =>
        {
            _isStopping = true;
            _metadata.Forward(stop);
        });
        Receive<Terminated>(terminated =>
        {
            if (_isStopping) return;
            Log.PartFailed(_log, terminated.ActorRef.Path);
            CoordinatedShutdown.Get(Context.System).Run(BrokerFailedReason.Instance);
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    private static IActorRef Start(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

    private static ReplicaHome HomeOf(BrokerParts parts) => new(
        parts.Options.Id, parts.Replicas, parts.Directories,
        new FlushGroup(Context.System.Dispatchers.Lookup(ReplicaDispatchers.Log)),
        parts.Environment.Time, parts.Environment.Logging.CreateLogger<ReplicaActor>())
    {
        IsActive = id => parts.Metadata.Current.IsActive(id),
        MaxLag = MaxLagOf(parts),
        Quotas = parts.Quotas,
        RackOf = ReadsFromNearest(parts) ? broker => RackOf(parts.Metadata.Current, broker) : null,
    };

    /// <summary>Kafka's one selector of that kind, by its name there.</summary>
    private static bool ReadsFromNearest(BrokerParts parts) => parts.Options.Settings["replica.selector.class"] is not null;

    private static string? RackOf(MetadataImage image, BrokerId broker) =>
        image.Brokers.TryGetValue(broker, out var known) && known.IsActive ? known.Rack : null;

    private static TimeSpan MaxLagOf(BrokerParts parts) => parts.Options.Settings.Time("replica.lag.time.max.ms");

    private static Props InSyncOf(BrokerParts parts) => InSyncProposals.Props(
        parts.Options.Id, MaxLagOf(parts), parts.Replicas, parts.Environment.Logging.CreateLogger<InSyncProposals>());

    private static Props FetchersOf(BrokerParts parts)
    {
        var options = FetchOptions.From(parts.Options.Settings);
        return ReplicaFetchers.Props(new FetcherHome(
            parts.Options.Id, options, parts.Environment.FetchSources(options, parts.Environment.Time), parts.Environment.Time,
            parts.Environment.Logging.CreateLogger<ReplicaFetcher>())
        {
            Quotas = parts.Quotas,
        });
    }

    private static MetadataParts MetadataPartsOf(BrokerParts parts, IReplicaRegion region) => new(
        parts.Options.Id, parts.Incarnation, parts.Options.Settings, parts.Metadata, region, parts.Directories.SetStraysAside,
        parts.Environment.Logging.CreateLogger<MetadataActor>());

    private FollowerParts FollowerPartsOf(BrokerParts parts, IActorRef controller)
    {
        var (system, log) = (Context.System, _log);
        return new FollowerParts(
            parts.Options.Id, parts.Incarnation, controller, _metadata, parts.Options.Cluster.HeartbeatInterval,
            image => parts.FirstImage.Set(image),
            address => parts.Metadata.Controller =
                address.HasLocalScope ? parts.Options.Id : BrokerRole.At(system, address) ?? parts.Metadata.Controller,
            other =>
            {
                Log.Replaced(log, other.Id, string.Join(", ", other.Endpoints.Select(e => $"{e.Host}:{e.Port}")));
                CoordinatedShutdown.Get(system).Run(BrokerFailedReason.Instance);
            },
            parts.Environment.Logging.CreateLogger<MetadataFollower>())
        {
            Lease = parts.Metadata.Lease,
            Voters = [.. parts.Options.Cluster.Voters.Select(v => v.Id)],
            LostTouch = () =>
            {
                foreach (var replica in parts.Replicas.All) replica.Actor.Tell(Replica.SendAway.Instance, ActorRefs.NoSender);
            },
            Others = () => BrokerRole.Others(system, $"/user/broker/{FollowerName}"),
        };
    }

    private static Props GroupsOf(BrokerParts parts) => GroupCoordinators.Props(
        parts.Options.Id,
        GroupsEnvironment.From(
            parts.Options.Groups, parts.Environment.Time, parts.Environment.Logging.CreateLogger<GroupCoordinators>()),
        parts.Metadata, parts.Replicas, parts.Coordinators);

    private sealed class BrokerFailedReason : CoordinatedShutdown.Reason
    {
        public static readonly BrokerFailedReason Instance = new();
    }
}

/// <summary>What a broker's actors share with its front doors.</summary>
internal sealed record BrokerParts(
    BrokerOptions Options, BrokerEnvironment Environment, DataDirectories Directories,
    MetadataCache Metadata, LocalReplicas Replicas, LocalCoordinators Coordinators)
{
    /// <summary>How fast throttled replicas are copied.</summary>
    public ReplicationQuotas Quotas { get; } = new(Options.Id, Options.Settings);

    /// <summary>Names this life of the broker's process.</summary>
    public UInt128 Incarnation { get; } = Environment.NewId();

    /// <summary>Ends with the first image that comes from a controller.</summary>
    public Promise<MetadataImage> FirstImage { get; } = new(Environment.Pool);

    /// <summary>Ends when this node knows that it is a full member of the cluster. If it served before, and the nodes that know it
    /// crashed, it would not count itself when it judges who may go on, and would stop.</summary>
    public Promise<Done> LetIn { get; } = new(Environment.Pool);

    /// <summary>Ends when the controller's journal can't be read: while the broker starts, it then need not wait any
    /// longer.</summary>
    public Promise<Exception> StartFailed { get; } = new(Environment.Pool);
}
