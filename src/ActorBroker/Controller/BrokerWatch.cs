using System.Collections.Immutable;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster;

namespace ActorBroker.Controller;

/// <summary>Tells its listener which brokers' nodes are up and within reach, as Akka.Cluster sees it, at the start and whenever
/// that changes.</summary>
internal sealed class BrokerWatch : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _listener;
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    public static Props Props(IActorRef listener) => Akka.Actor.Props.Create(() => new BrokerWatch(listener));

    public BrokerWatch(IActorRef listener)
    {
        _listener = listener;
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            foreach (var member in state.Members) _members[member.UniqueAddress] = member;
            _unreachable.UnionWith(state.Unreachable.Select(m => m.UniqueAddress));
            Tell();
        });
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            _members.Remove(removed.Member.UniqueAddress);
            _unreachable.Remove(removed.Member.UniqueAddress);
            Tell();
        });
        Receive<ClusterEvent.IMemberEvent>(changed =>
        {
            _members[changed.Member.UniqueAddress] = changed.Member;
            Tell();
        });
        Receive<ClusterEvent.UnreachableMember>(lost =>
        {
            if (_unreachable.Add(lost.Member.UniqueAddress)) Tell();
        });
        Receive<ClusterEvent.ReachableMember>(found =>
        {
            if (_unreachable.Remove(found.Member.UniqueAddress)) Tell();
        });
    }

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Tell()
    {
        var nodes = new Dictionary<BrokerId, ImmutableHashSet<Address>>();
        foreach (var member in _members.Values)
        {
            // A node that leaves serves until it is told to exit.
            if (member.Status is not (MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving)) continue;
            if (_unreachable.Contains(member.UniqueAddress) || BrokerRole.Of(member) is not { } broker) continue;
            nodes[broker] = nodes.GetValueOrDefault(broker, []).Add(member.Address);
        }
        _listener.Tell(new ControllerMessages.BrokersInReach(_cluster.SelfAddress, nodes.ToImmutableDictionary()));
    }
}
