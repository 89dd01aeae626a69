using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>Tells subscribers what has changed from one state to the next.</summary>
internal sealed class ClusterEventPublisher : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly MembershipState _empty;
    private readonly List<Subscription> _subscriptions = []; // In the order in which they came.
    private MembershipState _state;

    public ClusterEventPublisher(Cluster cluster)
    {
        _cluster = cluster;
        _empty = _state = new MembershipState(Gossip.Empty, cluster.SelfUniqueAddress);
    }

    public static Props Props(Cluster cluster) => Actor.Props.Create(() => new ClusterEventPublisher(cluster))
        .WithDispatcher(cluster.Settings.UseDispatcher);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case MembershipState state: Change(state); break;
            case ClusterCommand.Subscribe subscribe: Subscribe(subscribe); break;
            case ClusterCommand.Unsubscribe(var subscriber, var type): Unsubscribe(subscriber, type); break;
            case ClusterCommand.SendCurrentState(var receiver): receiver.Tell(_state.ToCurrentState(), ActorRefs.NoSender); break;
            case Terminated terminated: _subscriptions.RemoveAll(s => s.Subscriber.Equals(terminated.ActorRef)); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        Publish(ClusterEvent.ClusterShuttingDown.Instance);
        Change(_empty);
    }

    private void Change(MembershipState state)
    {
        var before = _state;
        _state = state;
        _cluster.View.Update(state.ToCurrentState());
        foreach (var e in MembershipDiff.Between(before, state))
        {
            if (e is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down })
                _cluster.View.DownedRemoved(_cluster.System.Scheduler.MonotonicClock);
            Publish(e);
        }
    }

    private void Publish(ClusterEvent.IClusterDomainEvent e)
    {
        if (_cluster.Settings.LogInfoVerbose) _cluster.Log.Info("Event {0}", e);
        for (var i = 0; i < _subscriptions.Count; i++)
            if (_subscriptions[i].Wants(e)) _subscriptions[i].Subscriber.Tell(e, ActorRefs.NoSender);
    }

    private void Subscribe(ClusterCommand.Subscribe subscribe)
    {
        var (subscriber, mode, types) = subscribe;
        var added = new Subscription(subscriber, [.. types]);
        if (mode == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
            subscriber.Tell(_state.ToCurrentState(), ActorRefs.NoSender);
        else
            foreach (var e in MembershipDiff.Between(_empty, _state))
                if (added.Wants(e)) subscriber.Tell(e, ActorRefs.NoSender);

        if (_subscriptions.Find(s => s.Subscriber.Equals(subscriber)) is { } known) known.Types.UnionWith(types);
        else
        {
            _subscriptions.Add(added);
            Context.Watch(subscriber);
        }
    }

    private void Unsubscribe(IActorRef subscriber, Type? type)
    {
        var known = _subscriptions.Find(s => s.Subscriber.Equals(subscriber));
        if (known is null) return;
        if (type is not null) known.Types.RemoveWhere(type.IsAssignableFrom);
        if (type is not null && known.Types.Count > 0) return;
        _subscriptions.Remove(known);
        Context.Unwatch(subscriber);
    }

    private sealed record Subscription(IActorRef Subscriber, HashSet<Type> Types)
    {
        public bool Wants(ClusterEvent.IClusterDomainEvent e)
        {
            foreach (var type in Types)
                if (e is ClusterEvent.StateChanged ? type == e.GetType() : type.IsInstanceOfType(e)) return true;
            return false;
        }
    }
}
