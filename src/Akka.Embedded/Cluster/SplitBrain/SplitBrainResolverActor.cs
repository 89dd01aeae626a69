using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.SBR;

/// <summary>/system/cluster/core/daemon/downingProvider: runs <see cref="SplitBrainResolver"/>.</summary>
internal sealed class SplitBrainResolverActor : UntypedActor, IWithTimers
{
    private readonly Cluster _cluster;
    private readonly SplitBrainResolver _resolver;
    private readonly TimeSpan _tick;

    public SplitBrainResolverActor(Cluster cluster, SplitBrainResolverSettings settings)
    {
        _cluster = cluster;
        _resolver = new SplitBrainResolver(cluster.SelfUniqueAddress, SplitStrategy.From(settings), settings.DowningStableAfter,
            settings.DownAllWhenUnstable);
        var second = TimeSpan.FromSeconds(1);
        _tick = settings.DowningStableAfter / 4 < second ? settings.DowningStableAfter / 4 : second;
    }

    public ITimerScheduler Timers { get; set; } = null!;
    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(Cluster cluster, SplitBrainResolverSettings settings) =>
        Actor.Props.Create(() => new SplitBrainResolverActor(cluster, settings));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _tick);
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.StateChanged));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.StateChanged(var state): _resolver.Update(state, Now); break;
            case Tick: Act(_resolver.Tick(Now)); break;
            case ThisActorSystemQuarantinedEvent quarantined:
                _cluster.Log.Warning("{0} has quarantined this system", quarantined.RemoteAddress);
                Act(_resolver.Quarantined(quarantined.RemoteAddress, Now));
                break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    private void Act((Decision Decision, IReadOnlyList<UniqueAddress> ToDown)? outcome)
    {
        if (outcome is not var (decision, nodes)) return;
        _cluster.Log.Warning("Split-brain resolver decides {0}: downs {1}", decision, string.Join(", ", nodes));
        foreach (var node in nodes) _cluster.Down(node.Address);
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
