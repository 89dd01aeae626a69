using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>/system/cluster: above the actors of the cluster, and the door to them. With it ends this node's part.</summary>
internal sealed class ClusterDaemon : UntypedActor
{
    private readonly Cluster _cluster;
    private IActorRef _core = ActorRefs.Nobody;

    public ClusterDaemon(Cluster cluster) => _cluster = cluster;

    public static Props Props(Cluster cluster) => Actor.Props.Create(() => new ClusterDaemon(cluster))
        .WithDispatcher(cluster.Settings.UseDispatcher);

    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override void PreStart()
    {
        Context.ActorOf(HeartbeatReceiver.Props(_cluster), "heartbeatReceiver");
        _core = Context.ActorOf(ClusterCoreSupervisor.Props(_cluster), "core");
        Context.Watch(_core);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterCommand.OnSelf on: Context.ActorOf(SelfListener.Props(_cluster, on.Status, on.Callback)); break;
            case ClusterCommand: _core.Forward(message); break;
            case Terminated: _cluster.Shutdown(); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop() => _cluster.Ended();
}

/// <summary>/system/cluster/core: holds the membership and the publisher of its events. If one of them fails, this node's part in
/// the cluster ends: a state that is not what others think it is would be worse.</summary>
internal sealed class ClusterCoreSupervisor : UntypedActor
{
    private readonly Cluster _cluster;
    private IActorRef _publisher = ActorRefs.Nobody;
    private IActorRef _daemon = ActorRefs.Nobody;

    public ClusterCoreSupervisor(Cluster cluster) => _cluster = cluster;

    public static Props Props(Cluster cluster) => Actor.Props.Create(() => new ClusterCoreSupervisor(cluster))
        .WithDispatcher(cluster.Settings.UseDispatcher);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _cluster.Log.Error(failure, "The cluster's core has failed: this node leaves without a word");
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        _publisher = Context.ActorOf(ClusterEventPublisher.Props(_cluster), "publisher");
        _daemon = Context.ActorOf(ClusterCoreDaemon.Props(_cluster, _publisher), "daemon");
        Context.Watch(_publisher);
        Context.Watch(_daemon);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterCommand.ToPublisher: _publisher.Forward(message); break;
            case ClusterCommand.ToCore: _daemon.Forward(message); break;
            case Terminated: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }
}
