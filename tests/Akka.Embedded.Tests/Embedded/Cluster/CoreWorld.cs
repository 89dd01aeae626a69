using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Util;

namespace Akka.Embedded.Tests.Embedded.Cluster;

/// <summary>Some membership cores and the messages between them: lost, doubled, late, in any order, as a seed says.</summary>
internal sealed class CoreWorld(int seed, CoreRules? rules = null)
{
    public static readonly CoreRules Usual = new(1, ImmutableDictionary<string, int>.Empty, 7, 0.8, 400, 86_400_000);

    private const int Endless = 100_000; // Messages until all is quiet; some dozens are usual.
    private readonly Random _random = new(seed);
    private readonly List<(UniqueAddress From, Address To, IClusterMessage Message)> _flying = [];
    private readonly HashSet<(Address, Address)> _cuts = [];
    private readonly Dictionary<Address, Node> _nodes = [];
    private int _lastUid;
    private long _now;

    public Random Random => _random;
    public IReadOnlyList<Node> Nodes => [.. _nodes.Values];
    public IEnumerable<Node> Live => _nodes.Values.Where(n => n.IsAlive);
    public Node this[int port] => _nodes[AddressOf(port)];

    public static Address AddressOf(int port) => new("akka.tcp", "c", "h", port);

    /// <summary>A new incarnation at this port.</summary>
    public Node Start(int port, params string[] roles)
    {
        var self = new UniqueAddress(AddressOf(port), ++_lastUid);
        var core = new ClusterCore(self, [.. roles], AppVersion.Zero, rules ?? Usual);
        return _nodes[self.Address] = new Node(self, core);
    }

    public void Step(Node node, CoreInput input) => Apply(node, node.Core.Step(input));

    public void Join(int port, int at)
    {
        this[port].WantsToJoin = true;
        Step(this[port], new CoreInput.JoinTo(AddressOf(at)));
    }

    /// <summary>All that nodes know, for the text of a failure.</summary>
    public string Dump() => string.Join("\n", Nodes.Select(n => n.Dump()));

    public void Crash(Node node) => node.IsAlive = false;

    public void Cut(int a, int b)
    {
        CutOneWay(a, b);
        CutOneWay(b, a);
    }

    public void CutOneWay(int from, int to) => _cuts.Add((AddressOf(from), AddressOf(to)));

    public void Heal() => _cuts.Clear();

    /// <summary>Some message arrives, or is lost, or arrives and stays under way.</summary>
    public void DeliverSome(int lossPercent)
    {
        if (_flying.Count == 0) return;
        var at = _random.Next(_flying.Count);
        var message = _flying[at];
        if (_random.Next(100) >= 10) _flying.RemoveAt(at);
        if (_random.Next(100) >= lossPercent) Deliver(message);
    }

    public void DeliverAll()
    {
        for (var told = 0; _flying.Count > 0; told++)
        {
            var message = _flying[0];
            Assert.True(told < Endless, $"seed {seed}: they never stop telling each other {message}\n{Dump()}");
            _flying.RemoveAt(0);
            Deliver(message);
        }
    }

    public void TickSome(Node node)
    {
        switch (_random.Next(4))
        {
            case 0: Reap(node); break;
            case 1: Step(node, new CoreInput.LeaderTick(_now += 10)); break;
            default: Gossip(node); break;
        }
    }

    /// <summary>A second passes, in which all is delivered.</summary>
    public void Round()
    {
        _now += 1000;
        foreach (var node in Nodes)
        {
            JoinAgain(node);
            Reap(node);
            Gossip(node);
            DeliverAll();
            Step(node, new CoreInput.LeaderTick(_now));
            DeliverAll();
        }
    }

    public void Rounds(int count)
    {
        for (var i = 0; i < count; i++) Round();
    }

    private void Reap(Node node)
    {
        Step(node, new CoreInput.Reap(address => Reaches(node, address)));
        // Heartbeats are refused like all else by those who have removed this node.
        if (node.Core.State.Members.Any(m => _nodes.TryGetValue(m.Address, out var other) && HasQuarantined(other, node)))
            Step(node, new CoreInput.Down(node.Self.Address));
    }

    private void JoinAgain(Node node)
    {
        var members = Live.Where(n => n.Core.IsMember).ToList();
        if (!node.WantsToJoin || node.Core.IsMember || members.Count == 0) return;
        Step(node, new CoreInput.JoinTo(members[_random.Next(members.Count)].Self.Address));
    }

    private bool HasQuarantined(Node other, Node node) => other.IsAlive
        && !_cuts.Contains((other.Self.Address, node.Self.Address)) && other.Core.State.Gossip.Tombstones.ContainsKey(node.Self);

    private void Gossip(Node node) => Step(node, new CoreInput.GossipTick(_random.NextDouble(), _random.NextDouble()));

    private bool Reaches(Node node, Address address) => !_cuts.Contains((node.Self.Address, address))
        && _nodes.TryGetValue(address, out var other) && other.IsAlive
        && node.Core.State.Gossip.Has(other.Self) // Answers of another incarnation don't count.
        && !HasQuarantined(other, node);

    private void Deliver((UniqueAddress From, Address To, IClusterMessage Message) m)
    {
        if (_cuts.Contains((m.From.Address, m.To)) || !_nodes.TryGetValue(m.To, out var to) || !to.IsAlive) return;
        if (to.Core.State.Gossip.Tombstones.ContainsKey(m.From))
        {
            TellOfQuarantine(m.From, m.To); // For what comes of it where that one is a member, see Reap.
            return;
        }
        Apply(to, to.Core.Receive(m.Message));
    }

    private void TellOfQuarantine(UniqueAddress node, Address by)
    {
        if (_cuts.Contains((by, node.Address)) || _nodes[node.Address] is not { IsAlive: true } told || told.Self != node) return;
        Step(told, new CoreInput.QuarantinedBy(by));
    }

    private void Apply(Node node, IReadOnlyList<CoreEffect> effects)
    {
        if (!node.IsAlive) return;
        node.Check();
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case CoreEffect.Send send: _flying.Add((node.Self, send.To, send.Message)); break;
                case CoreEffect.Publish publish: node.Publish(publish.State); break;
                case CoreEffect.GossipNow(var times):
                    for (var i = 0; i < times; i++) Gossip(node);
                    break;
                case CoreEffect.Exit: Step(node, new CoreInput.ExitingCompleted()); break;
                case CoreEffect.ShutDown: node.IsAlive = false; break;
            }
        }
    }

    internal sealed class Node(UniqueAddress self, ClusterCore core)
    {
        private readonly Dictionary<UniqueAddress, MemberStatus> _seen = [];
        private MembershipState _published = new(Akka.Cluster.Gossip.Empty, self);

        public UniqueAddress Self { get; } = self;
        public ClusterCore Core { get; } = core;
        public bool IsAlive { get; set; } = true;
        public bool WantsToJoin { get; set; }
        public List<ClusterEvent.IClusterDomainEvent> Events { get; } = [];

        public string View =>
            string.Join(" ", Core.State.Members.Select(m => $"{m.Address.Port}#{m.UniqueAddress.Uid}:{m.Status}"));
        public MemberStatus StatusOf(int port) =>
            Core.State.Members.FirstOrDefault(m => m.Address.Port == port)?.Status ?? MemberStatus.Removed;

        public string Dump()
        {
            var gossip = Core.State.Gossip;
            return $"{Self.Address.Port}#{Self.Uid} alive={IsAlive} member={Core.IsMember} leader={Core.State.Leader?.Address.Port} "
                + $"[{View}] seen=[{string.Join(",", gossip.Seen.Select(s => s.Uid))}] "
                + $"unreachable=[{string.Join(",", gossip.Reachability.Records.Select(r => $"{r.Observer.Uid}>{r.Subject.Uid}"))}] "
                + $"removed=[{string.Join(",", gossip.Tombstones.Keys.Select(s => s.Uid))}]";
        }

        public void Publish(MembershipState state)
        {
            Events.AddRange(MembershipDiff.Between(_published, state));
            _published = state;
        }

        /// <summary>No member ever goes back on its way, and none that was removed returns.</summary>
        public void Check()
        {
            foreach (var member in Core.State.Members)
            {
                if (_seen.TryGetValue(member.UniqueAddress, out var before))
                    Assert.True(MemberStatusRules.Rank(before) <= MemberStatusRules.Rank(member.Status),
                        $"{Self} saw {member.UniqueAddress} as {before}, then as {member.Status}");
                _seen[member.UniqueAddress] = member.Status;
            }
            foreach (var node in _seen.Keys.ToList())
                if (!Core.State.Gossip.Has(node)) _seen[node] = MemberStatus.Removed;
        }
    }
}
