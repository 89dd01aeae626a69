using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>/system/cluster/core/daemon: runs <see cref="ClusterCore"/>. Messages and ticks in, what it wants done out.</summary>
internal sealed partial class ClusterCoreDaemon : UntypedActor, IWithTimers
{
    private readonly Cluster _cluster;
    private readonly IActorRef _publisher;
    private readonly ClusterCore _core;
    private readonly Random _random;
    private readonly ActorPath _daemonPath;
    private IActorRef _heartbeats = ActorRefs.Nobody;
    private bool _givesUpJoining;

    public ClusterCoreDaemon(Cluster cluster, IActorRef publisher)
    {
        _cluster = cluster;
        _publisher = publisher;
        _core = new ClusterCore(cluster.SelfUniqueAddress, cluster.SelfRoles, cluster.Settings.AppVersion,
            CoreRules.From(cluster.Settings));
        _random = ((ActorSystemImpl)Context.System).Random;
        _daemonPath = Self.Path;
    }

    public ITimerScheduler Timers { get; set; } = null!;
    private ClusterSettings Settings => _cluster.Settings;

    public static Props Props(Cluster cluster, IActorRef publisher) =>
        Actor.Props.Create(() => new ClusterCoreDaemon(cluster, publisher)).WithDispatcher(cluster.Settings.UseDispatcher);

    protected override void PreStart()
    {
        _heartbeats = Context.ActorOf(HeartbeatSender.Props(_cluster), "heartbeatSender");
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        StartTicks(Tick.Gossip, Settings.GossipInterval);
        StartTicks(Tick.Leader, Settings.LeaderActionsInterval);
        StartTicks(Tick.Reap, Settings.UnreachableNodesReaperInterval);
        if (Settings.SeedNodes.Count > 0) Self.Tell(new ClusterCommand.JoinSeedNodes(Settings.SeedNodes), ActorRefs.NoSender);
        else _cluster.Log.Info("No akka.cluster.seed-nodes are set: this node waits for a Join");
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IClusterMessage fromOther: Carry(_core.Receive(fromOther)); break;
            case Tick tick: OnTick(tick); break;
            case ThisActorSystemQuarantinedEvent by: Carry(_core.Step(new CoreInput.QuarantinedBy(by.RemoteAddress))); break;
            case ClusterCommand.JoinTo(var address): Carry(_core.Step(new CoreInput.JoinTo(address))); break;
            case ClusterCommand.JoinSeedNodes(var seeds): JoinSeedNodes(seeds); break;
            case ClusterCommand.Leave(var address): Carry(_core.Step(new CoreInput.Leave(address))); break;
            case ClusterCommand.Down(var address): Carry(_core.Step(new CoreInput.Down(address))); break;
            case ClusterCommand.Shutdown shutdown: OnShutdown(shutdown); break;
            default: Unhandled(message); break;
        }
        AnswerShutdown();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        AnswerShutdown(hasEnded: true);
    }

    private void OnTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Gossip: Gossip(); break;
            case Tick.Leader:
                Carry(_core.Step(new CoreInput.LeaderTick(Context.System.Scheduler.Now.ToUnixTimeMilliseconds())));
                break;
            case Tick.Reap: Carry(_core.Step(new CoreInput.Reap(_cluster.FailureDetector.IsAvailable))); break;
            case Tick.Seed: Carry(_core.Step(new CoreInput.SeedTick())); break;
            case Tick.SeedTimeout: Carry(_core.Step(new CoreInput.SeedTimeout())); break;
            case Tick.JoinTimeout: Carry(_core.Step(new CoreInput.JoinTimeout())); break;
            case Tick.GiveUpJoining when !_core.IsMember && !_core.HasEnded:
                _cluster.Log.Error("No seed node has let this node in within {0}: the system shuts down",
                    Settings.ShutdownAfterUnsuccessfulJoinSeedNodes);
                _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
                break;
        }
    }

    private void JoinSeedNodes(IReadOnlyList<Address> seeds)
    {
        if (Settings.ShutdownAfterUnsuccessfulJoinSeedNodes is { } time && !_givesUpJoining)
        {
            _givesUpJoining = true;
            Timers.StartSingleTimer(Tick.GiveUpJoining, Tick.GiveUpJoining, time);
        }
        Carry(_core.Step(new CoreInput.JoinSeedNodes(seeds)));
    }

    private void Carry(IReadOnlyList<CoreEffect> effects)
    {
        foreach (var effect in effects) Carry(effect);
    }

    private void Carry(CoreEffect effect)
    {
        switch (effect)
        {
            case CoreEffect.Send(var to, var message): DaemonAt(to).Tell(message, Self); break;
            case CoreEffect.Publish(var state):
                _publisher.Tell(state, Self);
                _heartbeats.Tell(state, Self);
                break;
            case CoreEffect.GossipNow(var times):
                for (var i = 0; i < times; i++) Gossip();
                break;
            case CoreEffect.Forget(var address): _cluster.FailureDetector.Remove(address); break;
            case CoreEffect.Quarantine(var node):
                (((ExtendedActorSystem)Context.System).Provider as IRemoteActorRefProvider)?.Quarantine(node.Address, node.Uid);
                break;
            case CoreEffect.StartSearch:
                var tick = Settings.SeedNodeTimeout < Second ? Settings.SeedNodeTimeout / 2 : Second;
                Timers.StartPeriodicTimer(Tick.Seed, Tick.Seed, tick);
                Timers.StartPeriodicTimer(Tick.SeedTimeout, Tick.SeedTimeout, Settings.SeedNodeTimeout);
                break;
            case CoreEffect.StopSearch:
                Timers.Cancel(Tick.Seed);
                Timers.Cancel(Tick.SeedTimeout);
                break;
            case CoreEffect.AwaitWelcome when Settings.RetryUnsuccessfulJoinAfter is { } time:
                Timers.StartSingleTimer(Tick.JoinTimeout, Tick.JoinTimeout, time);
                break;
            case CoreEffect.Joined: Joined(); break;
            case CoreEffect.Exit:
                _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
                break;
            case CoreEffect.ShutDown: _cluster.Shutdown(); break;
            case CoreEffect.Log(var text, var isWarning):
                if (isWarning) _cluster.Log.Warning(text);
                else if (Settings.LogInfo) _cluster.Log.Info(text);
                break;
        }
    }

    private void Joined()
    {
        Timers.Cancel(Tick.JoinTimeout);
        Timers.Cancel(Tick.GiveUpJoining);
        if (_cluster.DowningProvider.DowningActorProps is { } props)
            Context.ActorOf(props.WithDispatcher(Settings.UseDispatcher), "downingProvider");
    }

    private void Gossip() => Carry(_core.Step(new CoreInput.GossipTick(_random.NextDouble(), _random.NextDouble())));

    private IActorRef DaemonAt(Address address) =>
        _cluster.System.Provider.ResolveActorRef(new RootActorPath(address) / _daemonPath.Elements);

    private void StartTicks(Tick tick, TimeSpan interval)
    {
        var delay = Settings.PeriodicTasksInitialDelay > interval ? Settings.PeriodicTasksInitialDelay : interval;
        Timers.StartPeriodicTimer(tick, tick, delay, interval);
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private enum Tick
    {
        Gossip,
        Leader,
        Reap,
        Seed,
        SeedTimeout,
        JoinTimeout,
        GiveUpJoining,
    }
}
