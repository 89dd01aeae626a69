using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>/system/cluster/core/daemon/heartbeatSender: sends heartbeats to the neighbours in the ring, and tells the failure
/// detector of their answers.</summary>
internal sealed class HeartbeatSender : UntypedActor, IWithTimers
{
    private readonly Cluster _cluster;
    private HeartbeatState _state;
    private long _sequence;

    public HeartbeatSender(Cluster cluster)
    {
        _cluster = cluster;
        _state = HeartbeatState.Empty(cluster.SelfUniqueAddress, cluster.Settings.MonitoredByNrOfMembers);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Cluster cluster) => Actor.Props.Create(() => new HeartbeatSender(cluster))
        .WithDispatcher(cluster.Settings.UseDispatcher);

    protected override void PreStart()
    {
        var settings = _cluster.Settings;
        var delay = settings.PeriodicTasksInitialDelay > settings.HeartbeatInterval
            ? settings.PeriodicTasksInitialDelay : settings.HeartbeatInterval;
        Timers.StartPeriodicTimer("tick", Tick.Instance, delay, settings.HeartbeatInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick: SendAll(); break;
            case HeartbeatRsp answer:
                if (_cluster.Settings.VerboseHeartbeatLogging) _cluster.Log.Debug("Heartbeat answered by {0}", answer.From);
                _state = _state.Answered(answer.From, _cluster.FailureDetector);
                break;
            case MembershipState state: _state = _state.With(state, _cluster.FailureDetector); break;
            case FirstExpected(var node):
                // No answer yet: from now on its silence counts.
                if (_state.Receivers.Contains(node) && !_cluster.FailureDetector.IsMonitoring(node.Address))
                    _cluster.FailureDetector.Heartbeat(node.Address);
                break;
            default: Unhandled(message); break;
        }
    }

    private void SendAll()
    {
        var heartbeat = new Heartbeat(_cluster.SelfAddress, ++_sequence, Context.System.Scheduler.Now.ToUnixTimeMilliseconds());
        foreach (var node in _state.Receivers)
        {
            if (!_cluster.FailureDetector.IsMonitoring(node.Address))
            {
                Context.System.Scheduler.ScheduleTellOnce(_cluster.Settings.HeartbeatExpectedResponseAfter, Self,
                    new FirstExpected(node), Self);
            }
            if (_cluster.Settings.VerboseHeartbeatLogging) _cluster.Log.Debug("Heartbeat to {0}", node);
            _cluster.System.Provider.ResolveActorRef(new RootActorPath(node.Address) / "system" / "cluster" / "heartbeatReceiver")
                .Tell(heartbeat, Self);
        }
    }

    private sealed record FirstExpected(UniqueAddress Node);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>/system/cluster/heartbeatReceiver: answers heartbeats.</summary>
internal sealed class HeartbeatReceiver : UntypedActor
{
    private readonly Cluster _cluster;

    public HeartbeatReceiver(Cluster cluster) => _cluster = cluster;

    public static Props Props(Cluster cluster) => Actor.Props.Create(() => new HeartbeatReceiver(cluster))
        .WithDispatcher(cluster.Settings.UseDispatcher);

    protected override void OnReceive(object message)
    {
        if (message is Heartbeat heartbeat)
            Sender.Tell(new HeartbeatRsp(_cluster.SelfUniqueAddress, heartbeat.Sequence, heartbeat.CreatedMs), Self);
        else Unhandled(message);
    }
}
