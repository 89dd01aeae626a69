using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Event;
using static Akka.Cluster.Sharding.Internal.Protocol;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What a region needs to be made.</summary>
/// <param name="EntityProps">Null for a proxy, which hosts nothing.</param>
internal sealed record RegionRecipe(string TypeName, Func<string, Props>? EntityProps, ClusterShardingSettings Settings,
    IMessageExtractor Extractor, object HandOffStopMessage);

/// <summary>A shard region, or a proxy. Runs <see cref="RegionState{TRef, TMessage}"/>; finds the coordinator on the oldest
/// member.</summary>
internal sealed partial class RegionActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    private readonly RegionRecipe _recipe;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly TaskCompletionSource<Done> _stopped = new(Embedded.Completion.Options(Context.System.Settings));
    private readonly RegionState<IActorRef, Envelope> _state;
    private readonly Dictionary<string, IActorRef> _handOffFor = []; // Who wants to hear that a shard has stopped.
    private readonly string[] _coordinatorPath;
    private Elders _elders;
    private UniqueAddress? _oldest;
    private IActorRef? _coordinator;
    private TimeSpan _retryDelay = FirstRetry;
    private bool _warnedFull;
    private bool _warnedLonely;

    public RegionActor(RegionRecipe recipe)
    {
        _recipe = recipe;
        _state = new(Self, recipe.EntityProps is null, recipe.Settings.TuningParameters.BufferSize);
        _elders = Elders.None(recipe.Settings.Role);
        _coordinatorPath = [.. Self.Path.Parent.Elements, $"{Uri.EscapeDataString(recipe.TypeName)}Coordinator",
            recipe.Settings.CoordinatorSingletonSettings.SingletonName, "coordinator"];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsProxy => _recipe.EntityProps is null;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        // A shard that fails takes its entities with it; the next message starts it again.
        _log.Error(e, "A shard of [{0}] has failed", _recipe.TypeName);
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        if (IsProxy) return;
        var (self, cluster, stopped) = (Self, _cluster, _stopped);
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion,
            $"region-shutdown-{_recipe.TypeName}", () =>
            {
                if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Down) return Task.FromResult(Done.Instance);
                self.Tell(GracefulShutdown.Instance);
                return stopped.Task;
            });
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        foreach (var waiting in _state.TakeAll()) Context.System.DeadLetters.Tell(waiting.Message, waiting.Sender);
        _stopped.TrySetResult(Done.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IMessage protocol: OnProtocol(protocol); break;
            case Tick: OnTick(); break;
            case ShardRegion.StartEntity start: Deliver(_recipe.Extractor.ShardId(start.EntityId, start), start); break;
            case Terminated terminated: OnTerminated(terminated.ActorRef); break;
            case IShardRegionQuery query: OnQuery(query); break;
            case GracefulShutdown: Leave(); break;
            case ClusterEvent.CurrentClusterState state: See(Elders.Of(_elders.Role, state.Members)); break;
            case ClusterEvent.MemberRemoved self when self.Member.UniqueAddress == _cluster.SelfUniqueAddress: Stop(); break;
            case ClusterEvent.MemberRemoved removed: See(_elders.Without(removed.Member.UniqueAddress)); break;
            case ClusterEvent.MemberDowned down when down.Member.UniqueAddress == _cluster.SelfUniqueAddress: Stop(); break;
            case ClusterEvent.IMemberEvent changed: See(_elders.With(changed.Member)); break;
            default: Deliver(message); break;
        }
    }

    private void Deliver(object message)
    {
        if (_recipe.Extractor.EntityId(message) is { } id) Deliver(_recipe.Extractor.ShardId(id, message), message);
        else Unhandled(message);
    }

    private void Deliver(string shard, object message)
    {
        if (string.IsNullOrEmpty(shard))
        {
            _log.Warning("The extractor of [{0}] names no shard for a [{1}]", _recipe.TypeName, message.GetType());
            Context.System.DeadLetters.Tell(message, Sender);
            return;
        }
        switch (_state.Deliver(shard, new Envelope(message, Sender), out var to))
        {
            case Route.Send: to!.Tell(message, Sender); break;
            case Route.StartAndSend: StartShard(shard).Tell(message, Sender); break;
            case Route.KeptFirst: Ask(new GetShardHome(shard)); break;
            case Route.Full: Overflow(message); break;
            default: break; // Kept.
        }
    }

    private void Overflow(object message)
    {
        if (!_warnedFull)
            _log.Warning("Region [{0}]: the buffer for shards without home is full; messages go to dead letters "
                + "(akka.cluster.sharding.buffer-size)", _recipe.TypeName);
        _warnedFull = true;
        Context.System.DeadLetters.Tell(message, Sender);
    }

    private void OnProtocol(IMessage message)
    {
        if (message is RegisterAck ack) RegisteredBy(ack.Coordinator);
        // What another says may be out of date: by now the coordinator may have decided otherwise.
        else if (!Sender.Equals(_coordinator)) _log.Debug("[{0}] is not from the coordinator in office", message);
        else OnOrder(message);
    }

    private void OnOrder(IMessage message)
    {
        switch (message)
        {
            case ShardHome home: HomeIs(home.Shard, home.Region); break;
            case HostShard when _state.Leaving: _coordinator!.Tell(new GracefulShutdownReq(Self)); break;
            case HostShard host:
                HomeIs(host.Shard, Self);
                Sender.Tell(new ShardStarted(host.Shard));
                break;
            case BeginHandOff begin:
                _state.BeginHandOff(begin.Shard);
                Sender.Tell(new BeginHandOffAck(begin.Shard));
                break;
            case HandOff handOff: StopShard(handOff); break;
            default: Unhandled(message); break;
        }
    }

    private void HomeIs(string shard, IActorRef region)
    {
        if (_state.HomeIs(shard, region)) StartShard(shard);
        if (!region.Equals(Self)) Context.Watch(region);
        Release(shard);
    }

    private void Release(string shard)
    {
        foreach (var waiting in _state.Release(shard, out var to)) to!.Tell(waiting.Message, waiting.Sender);
        if (_state.Waiting == 0) _warnedFull = false;
        StopWhenEmpty();
    }

    private IActorRef StartShard(string shard)
    {
        var r = _recipe;
        var props = Props.Create(() => new ShardActor(shard, r.EntityProps!, r.Settings, r.Extractor, r.HandOffStopMessage));
        var actor = Context.Watch(Context.ActorOf(props.WithDispatcher(Context.Props.Dispatcher), Uri.EscapeDataString(shard)));
        _state.Started(shard, actor);
        return actor;
    }

    private void StopShard(HandOff order)
    {
        var isHere = _state.HandOff(order.Shard, out var actor, out var dropped);
        foreach (var each in dropped) Context.System.DeadLetters.Tell(each.Message, each.Sender);
        if (isHere)
        {
            _handOffFor[order.Shard] = Sender;
            actor!.Tell(order);
        }
        else Sender.Tell(new ShardStopped(order.Shard));
    }

    private void OnTerminated(IActorRef actor)
    {
        if (actor.Equals(_coordinator)) LoseCoordinator();
        else if (_state.Actors.FirstOrDefault(a => a.Actor.Equals(actor)) is { Shard: { } shard }) ShardGone(shard);
        else _state.RegionGone(actor);
    }

    private void ShardGone(string shard)
    {
        if (_state.ActorGone(shard)) StartShard(shard);
        if (_handOffFor.Remove(shard, out var asker)) asker.Tell(new ShardStopped(shard));
        Release(shard);
    }

    private void Leave()
    {
        if (_state.Leaving) return;
        _log.Info("Region [{0}] hands over its shards", _recipe.TypeName);
        _state.Leaving = true;
        Ask(new GracefulShutdownReq(Self));
        StopWhenEmpty();
    }

    /// <summary>This node is out of the cluster: soon its shards will have homes elsewhere.</summary>
    private void Stop()
    {
        if (IsProxy) return;
        _log.Warning("Region [{0}] stops with all of its shards: this node is out of the cluster", _recipe.TypeName);
        Context.Stop(Self);
    }

    private void StopWhenEmpty()
    {
        if (!_state.Leaving || !_state.IsEmpty) return;
        _coordinator?.Tell(new RegionStopped(Self));
        Context.Stop(Self);
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
