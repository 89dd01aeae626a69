using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using static Akka.Cluster.Sharding.Internal.Protocol;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>The coordinator of one type: a cluster singleton. Runs <see cref="CoordinatorState{TRegion}"/> and asks the
/// strategy.</summary>
/// <remarks>It keeps nothing. If it fails, its supervisor makes a new one, with which all regions register.</remarks>
internal sealed partial class CoordinatorActor : UntypedActor, IWithTimers
{
    private readonly string _typeName;
    private readonly TuningParameters _tuning;
    private readonly IShardAllocationStrategy _strategy;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CoordinatorState<IActorRef> _state;
    private readonly RegistrationWait _wait = new();
    private readonly Dictionary<Address, MemberStatus> _members = [];
    private readonly string? _role;
    private readonly TimeSpan _removalMargin;
    private bool _strategyIsBusy;

    public CoordinatorActor(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        _typeName = typeName;
        _tuning = settings.TuningParameters;
        _strategy = strategy;
        _role = settings.Role;
        var margin = settings.CoordinatorSingletonSettings.RemovalMargin;
        _removalMargin = margin > TimeSpan.Zero ? margin : _cluster.DowningProvider.DownRemovalMargin;
        var cluster = _cluster.Settings;
        _state = new(_role is null ? cluster.MinNrOfMembers : cluster.MinNrOfMembersOfRole.GetValueOrDefault(_role, 1))
        {
            Recovering = true,
        };
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        if (_strategy is IStartableAllocationStrategy startable) startable.Start();
        if (_strategy is IActorSystemDependentAllocationStrategy dependent) dependent.Start(Context.System);
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(RebalanceTick), RebalanceTick.Instance, _tuning.RebalanceInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Register register: Register(register); break;
            case RegisterProxy register: RegisterProxy(register.Proxy); break;
            case GetShardHome ask: Run(_state.HomeAsked(Sender, ask.Shard)); break;
            case ShardStarted started: Run(_state.Started(Sender, started.Shard)); break;
            case BeginHandOffAck ack: Run(_state.HandOffBegun(Sender, ack.Shard)); break;
            case ShardStopped stopped: Run(_state.Stopped(Sender, stopped.Shard)); break;
            case GracefulShutdownReq leaving: Run(_state.Leaves(leaving.Region)); break;
            case RegionStopped stopped: RegionGone(stopped.Region); break;
            case Terminated terminated: OnTerminated(terminated); break;
            case MarginOver over: RegionGone(over.Region); break;
            case Chosen chosen: Take(chosen); break;
            case RebalanceTick: Rebalance(); break;
            case ToMove move: Take(move); break;
            case HostOverdue overdue: Run(_state.HostShardOverdue(overdue.Shard)); break;
            case MoveOverdue overdue: Run(_state.MoveOverdue(overdue.Shard)); break;
            case IShardRegionQuery query: OnQuery(query); break;
            default: OnMembership(message); break;
        }
    }

    private Address AddressOf(IActorRef region) =>
        region.Path.Address.HasLocalScope ? _cluster.SelfAddress : region.Path.Address;

    private void Register(Register message)
    {
        var address = AddressOf(message.Region);
        if (!_members.TryGetValue(address, out var status) || status is MemberStatus.Down)
        {
            _log.Debug("[{0}] is on no member", message.Region); // Not yet: it registers again. Or not any more.
            return;
        }
        Context.Watch(message.Region);
        Run(_state.Registered(message.Region, message.Shards));
        message.Region.Tell(new RegisterAck(Self));
        _wait.Registered(address);
        EndRecoveryWhenComplete();
    }

    private void RegisterProxy(IActorRef proxy)
    {
        Context.Watch(proxy);
        _state.ProxyRegistered(proxy);
        proxy.Tell(new RegisterAck(Self));
        _wait.Registered(AddressOf(proxy)); // Whoever has a proxy has no region.
        EndRecoveryWhenComplete();
    }

    private void OnTerminated(Terminated terminated)
    {
        if (!terminated.AddressTerminated || _removalMargin <= TimeSpan.Zero || !_state.Regions.Contains(terminated.ActorRef))
        {
            RegionGone(terminated.ActorRef);
            return;
        }
        Run(_state.Dies(terminated.ActorRef));
        Timers.StartSingleTimer(terminated.ActorRef, new MarginOver(terminated.ActorRef), _removalMargin);
    }

    private void RegionGone(IActorRef region)
    {
        Context.Unwatch(region);
        Timers.Cancel(region);
        Run(_state.Gone(region));
    }

    private void Run(IReadOnlyList<Coordination.Effect> effects)
    {
        foreach (var effect in effects) Run(effect);
    }

    private void Run(Coordination.Effect effect)
    {
        switch (effect)
        {
            case Coordination.AskStrategy<IActorRef> ask: AskStrategy(ask.Shard, ask.Asker); break;
            case Coordination.SendHome<IActorRef> home: home.To.Tell(new ShardHome(home.Shard, home.Home)); break;
            case Coordination.SendHostShard<IActorRef> host:
                host.To.Tell(new HostShard(host.Shard));
                Timers.StartSingleTimer((nameof(HostOverdue), host.Shard), new HostOverdue(host.Shard),
                    _tuning.ShardStartTimeout);
                break;
            case Coordination.StopHostTimer stop: Timers.Cancel((nameof(HostOverdue), stop.Shard)); break;
            case Coordination.StartMoveTimer start:
                Timers.StartSingleTimer((nameof(MoveOverdue), start.Shard), new MoveOverdue(start.Shard), _tuning.HandOffTimeout);
                break;
            case Coordination.StopMoveTimer stop: Timers.Cancel((nameof(MoveOverdue), stop.Shard)); break;
            case Coordination.SendBeginHandOff<IActorRef> begin: begin.To.Tell(new BeginHandOff(begin.Shard)); break;
            case Coordination.SendHandOff<IActorRef> handOff: handOff.To.Tell(new HandOff(handOff.Shard)); break;
            case Coordination.Warn warn: _log.Warning("[{0}] {1}", _typeName, warn.Text); break;
            case Coordination.Debug debug: _log.Debug("[{0}] {1}", _typeName, debug.Text); break;
            default: throw new ArgumentOutOfRangeException(nameof(effect), effect, "Unknown effect");
        }
    }

    private void OnQuery(IShardRegionQuery query)
    {
        switch (query)
        {
            case GetCurrentRegions: Sender.Tell(new CurrentRegions([.. _state.Regions.Select(AddressOf)])); break;
            case GetClusterShardingStats stats:
                var regions = _state.Regions.Select(r => (AddressOf(r), r)).ToArray();
                Context.ActorOf(Gather<Address, ShardRegionStats>.Props(regions, GetShardRegionStats.Instance, stats.Timeout,
                    Sender, (answers, _) => new ClusterShardingStats(answers.ToImmutableDictionary()))
                    .WithDispatcher(Context.Props.Dispatcher));
                break;
            default: Unhandled(query); break;
        }
    }

    private sealed record MarginOver(IActorRef Region) : INoSerializationVerificationNeeded;

    private sealed record HostOverdue(string Shard) : INoSerializationVerificationNeeded;

    private sealed record MoveOverdue(string Shard) : INoSerializationVerificationNeeded;

    private sealed class RebalanceTick : INoSerializationVerificationNeeded
    {
        public static readonly RebalanceTick Instance = new();
    }
}
