using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Akka.Util;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Embedded.Tests.Embedded.Cluster;

public sealed class HeartbeatTests
{
    private readonly Detector _detector = new();

    [Fact]
    public void Everyone_is_watched_by_as_many_as_are_wanted_or_there() => Prop.ForAll(
        Gen.Choose(2, 12).SelectMany(n => Gen.Choose(1, 5), (n, k) => (Nodes: n, Watched: k)).ToArbitrary(), c =>
        {
            var nodes = Enumerable.Range(1, c.Nodes).Select(Node).ToList();
            var watched = nodes.SelectMany(n => HeartbeatRing.Of(n, nodes, [], c.Watched).Receivers).CountBy(n => n).ToList();
            return watched.Count == c.Nodes && watched.All(w => w.Value == Math.Min(c.Watched, c.Nodes - 1));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_ring_is_the_same_on_all_nodes_and_in_all_processes()
    {
        var nodes = Enumerable.Range(1, 5).Select(Node).ToList();
        var rings = nodes.Select(n => HeartbeatRing.Of(n, nodes.AsEnumerable().Reverse(), [], 2))
            .Select(ring => ring.Nodes.Select(r => r.Uid).ToArray()).ToList();
        Assert.All(rings, r => Assert.Equal(rings[0], r));
        Assert.Equal([1, 5, 4, 2, 3], rings[0]); // As the hash has it; string.GetHashCode would differ each time.
    }

    [Fact]
    public void Unreachable_neighbours_are_watched_besides()
    {
        var nodes = Enumerable.Range(1, 6).Select(Node).ToList();
        var ring = HeartbeatRing.Of(nodes[0], nodes, [], 2);
        var silent = ring.Receivers.First();
        Assert.Equal(3, HeartbeatRing.Of(nodes[0], nodes, [silent], 2).Receivers.Count);
    }

    [Fact]
    public void A_neighbour_that_was_silent_is_watched_until_it_answers()
    {
        var self = Node(1);
        var state = HeartbeatState.Empty(self, 1).With(State(self, 1, 2), _detector);
        Assert.Equal([Node(2)], state.Receivers);
        _detector.Silent.Add(Node(2).Address);
        var other = Enumerable.Range(3, 20).First(n => !HeartbeatState.Empty(self, 1).With(State(self, 1, 2, n), _detector)
            .Receivers.Contains(Node(2)));
        state = state.With(State(self, 1, 2, other), _detector);
        Assert.True(state.Receivers.SetEquals([Node(2), Node(other)]));
        state = state.Answered(Node(2), _detector);
        Assert.Equal([Node(other)], state.Receivers);
        Assert.Contains(Node(2).Address, _detector.Removed);
    }

    [Fact]
    public void Answers_of_other_incarnations_do_not_count()
    {
        var self = Node(1);
        var state = HeartbeatState.Empty(self, 3).With(State(self, 1, 2), _detector);
        state.Answered(new UniqueAddress(Node(2).Address, 77), _detector);
        Assert.Empty(_detector.Beats);
        state.Answered(Node(2), _detector);
        Assert.Equal([Node(2).Address], _detector.Beats);
    }

    private static UniqueAddress Node(int port) => new(new Address("akka.tcp", "c", "h", port), port);

    private static MembershipState State(UniqueAddress self, params int[] ports) => new(Gossip.Empty.With(
        ports.Select(port => Member.Create(Node(port), port, MemberStatus.Up, [], AppVersion.Zero))), self);

    private sealed class Detector : IFailureDetectorRegistry<Address>
    {
        public HashSet<Address> Silent { get; } = [];
        public List<Address> Beats { get; } = [];
        public List<Address> Removed { get; } = [];

        public bool IsAvailable(Address resource) => !Silent.Contains(resource);
        public bool IsMonitoring(Address resource) => Beats.Contains(resource);
        public void Heartbeat(Address resource) => Beats.Add(resource);
        public void Remove(Address resource) => Removed.Add(resource);
        public void Reset() => Beats.Clear();
    }
}
