using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster;

namespace ActorBroker.Controller;

/// <summary>The nodes of brokers, as Akka.Cluster sees them from this one.</summary>
/// <param name="Self">This node.</param>
/// <param name="OldestFirst">All that are members of the cluster.</param>
internal sealed record BrokersSeen(Address Self, ImmutableArray<(Address Address, SeenNode Node)> OldestFirst)
{
    /// <summary>For the controller.</summary>
    public ControllerMessages.BrokersInReach ToReach()
    {
        var inReach = ImmutableDictionary.CreateBuilder<BrokerId, ImmutableHashSet<Address>>();
        foreach (var (address, node) in OldestFirst)
            if (node.IsInReach) inReach[node.Broker] = inReach.GetValueOrDefault(node.Broker, []).Add(address);
        var lost = OldestFirst.Where(seen => seen.Node.Reach == NodeReach.Lost).Select(seen => seen.Node.Broker);
        return new(Self, inReach.ToImmutable(), [.. lost.Where(broker => !inReach.ContainsKey(broker))]);
    }

    /// <summary>This node has been let into a cluster.</summary>
    public bool IsMember => OldestFirst.Any(seen => seen.Address == Self && seen.Node is { IsInReach: true, IsFull: true });

    /// <summary>The broker of this node; null: it is in no cluster.</summary>
    public BrokerId? SelfBroker => OldestFirst.Where(seen => seen.Address == Self).Select(seen => (BrokerId?)seen.Node.Broker)
        .FirstOrDefault();

    public bool IsInReach(Address node) => OldestFirst.Any(seen => seen.Address == node && seen.Node.IsInReach);

    /// <summary>This node is the one that is to run the controller.</summary>
    public bool HasSeat(ImmutableArray<BrokerId> voters) =>
        ControllerSeat.HolderOf([.. OldestFirst.Select(seen => seen.Node)], voters) is >= 0 and var holder
        && OldestFirst[holder].Address == Self;
}

/// <summary>Tells its parent <see cref="BrokersSeen"/>, at the start and whenever that changes.</summary>
/// <remarks>A node that others call unreachable and that answers this one is in reach. For the cluster it is not, and it may be a dead
/// node that said so last: one that was too slow to hear others, was killed for it, and can't take it back. Taking its word would keep
/// the controller from moving until the cluster has given that node up.</remarks>
internal sealed class BrokerWatch : ReceiveActor, IWithTimers
{
    /// <summary>How soon it is noticed that such a node answers no more; of that the cluster has no news.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    /// <summary>Unreachable for others only, when it was looked last.</summary>
    private readonly HashSet<UniqueAddress> _heard = [];

    private sealed record LookAgain
    {
        public static readonly LookAgain Instance = new();
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new BrokerWatch());

    public BrokerWatch()
    {
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
        Receive<LookAgain>(_ =>
        {
            if (!_heard.SetEquals(_unreachable.Where(IsHeard))) Tell();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(LookAgain.Instance, LookAgain.Instance, Look);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private bool IsHeard(UniqueAddress node) =>
        _cluster.FailureDetector.IsMonitoring(node.Address) && _cluster.FailureDetector.IsAvailable(node.Address);

    private void Tell()
    {
        _heard.Clear();
        _heard.UnionWith(_unreachable.Where(IsHeard));
        var seen = ImmutableArray.CreateBuilder<(Address, SeenNode)>();
        foreach (var member in _members.Values.Order(Member.AgeOrdering))
        {
            if (BrokerRole.Of(member) is not { } broker) continue;
            // A node that leaves serves until it is told to exit.
            var isFull = member.Status is MemberStatus.Up or MemberStatus.Leaving;
            seen.Add((member.Address, new SeenNode(broker, ReachOf(member), isFull)));
        }
        Context.Parent.Tell(new BrokersSeen(_cluster.SelfAddress, seen.DrainToImmutable()));
    }

    private NodeReach ReachOf(Member member) => member.Status switch
    {
        _ when _unreachable.Contains(member.UniqueAddress) && !_heard.Contains(member.UniqueAddress) => NodeReach.Lost,
        MemberStatus.Joining => NodeReach.Joins,
        MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving => NodeReach.InReach,
        _ => NodeReach.Lost,
    };
}
