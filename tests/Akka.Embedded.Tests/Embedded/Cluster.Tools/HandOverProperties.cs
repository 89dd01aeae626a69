using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Cluster.Tools.Singleton.Internal;
using FsCheck;
using FsCheck.Fluent;
using static Akka.Embedded.Tests.Embedded.Cluster.Tools.HandOverTests;

namespace Akka.Embedded.Tests.Embedded.Cluster.Tools;

/// <summary>
/// Members come, leave and are downed in one history, which each node learns at its own pace; what managers tell each other is
/// lost, doubled and reordered. Never do two singletons run, and when all is quiet one does.
/// </summary>
public class HandOverProperties
{
    [Fact]
    public void Never_do_two_run_and_in_the_end_one_does()
    {
        var act = from what in Gen.Choose(0, 99) from who in Gen.Choose(0, 99) select (what, who);
        var acts = Arb.From(Gen.ListOf(act, 120).Select(each => each.ToList()), Halves);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(acts, list =>
        {
            var chaos = new Chaos();
            foreach (var (what, who) in list) chaos.Do(what, who);
            chaos.Settle();
        }));
    }

    internal static IEnumerable<List<T>> Halves<T>(List<T> acts)
    {
        for (var size = acts.Count / 2; size > 0; size /= 2)
            for (var at = 0; at + size <= acts.Count; at += size)
                yield return [.. acts.Take(at), .. acts.Skip(at + size)];
    }

    private sealed class Chaos
    {
        private const int Endless = 100_000; // Messages until all is quiet; some dozens are usual.
        private readonly List<Member> _history = []; // One entry for each change of a member.
        private readonly Dictionary<UniqueAddress, Node> _nodes = [];
        private readonly List<(UniqueAddress To, HandOver.IMessage Message)> _wire = [];
        private int _ups;

        public Chaos()
        {
            Join();
            Join();
        }

        private sealed class Node(UniqueAddress self)
        {
            public HandOverState State { get; } = new(self, null, 15);
            public Dictionary<UniqueAddress, Member> Members { get; } = [];
            public HashSet<UniqueAddress> Margins { get; } = [];
            public int Seen { get; set; }
            public bool HasView { get; set; }
            public bool Runs { get; set; }
            public bool Stopping { get; set; }
            public bool Dead { get; set; }
        }

        public void Do(int what, int who)
        {
            var node = Pick(who);
            switch (what)
            {
                case < 4 when _nodes.Values.Count(n => !n.Dead) < 6: Join(); break;
                case < 10: Advance(node.Key, down: false); break;
                case < 13: Advance(node.Key, down: true); break;
                case < 45: Learn(node); break;
                case < 75 when _wire.Count > 0: Deliver(who % _wire.Count, twice: what < 50); break;
                case < 80 when _wire.Count > 0: _wire.RemoveAt(who % _wire.Count); break;
                case < 88: Step(node, new HandOver.RetryTick()); break;
                case < 94 when node.Value.Stopping: Stop(node); break;
                case < 97 when StatusOf(node.Key) is MemberStatus.Down: Kill(node.Value); break;
                default: PassMargin(node); break;
            }
        }

        /// <summary>Nothing is lost any more, and time passes.</summary>
        public void Settle()
        {
            for (var i = 0; i < 40; i++)
            {
                foreach (var gone in _nodes.Where(n => !n.Value.Dead && StatusOf(n.Key) is MemberStatus.Down)) Kill(gone.Value);
                foreach (var node in _nodes.Keys.ToArray()) if (IsLeaving(node)) Advance(node, down: false);
                foreach (var node in _nodes)
                {
                    while (!node.Value.Dead && node.Value.Seen < _history.Count) Learn(node);
                    Step(node, new HandOver.RetryTick());
                    if (node.Value.Stopping) Stop(node);
                    PassMargin(node);
                }
                for (var told = 0; _wire.Count > 0; told++)
                {
                    Assert.True(told < Endless, $"they never stop telling each other {_wire[0].Message}");
                    Deliver(0, twice: false);
                }
            }
            var stay = _nodes.Where(n => !n.Value.Dead && StatusOf(n.Key) is MemberStatus.Up).ToArray();
            if (stay.Length > 0) Assert.Single(stay, n => n.Value.Runs);
        }

        private KeyValuePair<UniqueAddress, Node> Pick(int who) => _nodes.OrderBy(n => n.Key).ElementAt(who % _nodes.Count);

        private MemberStatus StatusOf(UniqueAddress node) => _history.Last(m => m.UniqueAddress == node).Status;

        private bool IsLeaving(UniqueAddress node) =>
            StatusOf(node) is MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down;

        /// <summary>Not within the margin of one that was removed: who joins then has never known of it.</summary>
        private void Join()
        {
            if (_nodes.Any(n => !n.Value.Dead && StatusOf(n.Key) is MemberStatus.Removed)) return;
            var member = Member(Node(++_ups));
            _nodes.Add(member.UniqueAddress, new Node(member.UniqueAddress) { Seen = Math.Max(0, _history.Count - 1) });
            foreach (var known in _history.SkipLast(1)) _nodes[member.UniqueAddress].Members[known.UniqueAddress] = known;
            _history.Add(member);
        }

        private Node NodeOf(UniqueAddress node) => _nodes[node];

        /// <summary>One step towards the end of a membership. A node is let go only when it has no singleton any more: it has
        /// handed it over, or was killed.</summary>
        private void Advance(UniqueAddress node, bool down)
        {
            MemberStatus? next = StatusOf(node) switch
            {
                MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting when down => MemberStatus.Down,
                MemberStatus.Up => MemberStatus.Leaving,
                MemberStatus.Leaving => MemberStatus.Exiting,
                MemberStatus.Exiting when All(node, MemberStatus.Exiting) && !NodeOf(node).Runs => MemberStatus.Removed,
                MemberStatus.Down => MemberStatus.Removed,
                _ => null,
            };
            if (next is not { } status) return;
            _history.Add(Member(node, status));
            if (status is MemberStatus.Removed && !NodeOf(node).Runs) NodeOf(node).Dead = true;
        }

        /// <summary>The leader removes only what all have seen.</summary>
        private bool All(UniqueAddress node, MemberStatus status) =>
            _nodes.Values.All(n => n.Dead || (n.Members.TryGetValue(node, out var m) && m.Status == status));

        private void Learn(KeyValuePair<UniqueAddress, Node> node)
        {
            var (self, state) = node;
            if (state.Dead || state.Seen == _history.Count) return;
            var member = _history[state.Seen++];
            state.Members[member.UniqueAddress] = member;
            if (member.Status is MemberStatus.Removed) state.Members.Remove(member.UniqueAddress);
            if (!state.HasView && state.Members.TryGetValue(self, out var me) && me.Status is not MemberStatus.Joining)
            {
                state.HasView = true;
                Step(node, new HandOver.Snapshot([.. state.Members.Values]));
            }
            else if (member.Status is MemberStatus.Removed) Step(node, new HandOver.Removed(member));
            else Step(node, new HandOver.Changed(member));
        }

        private void Deliver(int at, bool twice)
        {
            var (to, message) = _wire[at];
            if (!twice) _wire.RemoveAt(at);
            Step(new(to, _nodes[to]), new HandOver.Heard(message));
        }

        /// <summary>The margin is longer than anything that was downed lives on.</summary>
        private void PassMargin(KeyValuePair<UniqueAddress, Node> node)
        {
            foreach (var gone in node.Value.Margins.Where(m => _nodes[m].Dead).Order().ToArray())
            {
                node.Value.Margins.Remove(gone);
                Step(node, new HandOver.MarginOver(gone));
            }
        }

        private void Stop(KeyValuePair<UniqueAddress, Node> node)
        {
            node.Value.Runs = node.Value.Stopping = false;
            Step(node, new HandOver.SingletonStopped());
            if (StatusOf(node.Key) is MemberStatus.Removed) node.Value.Dead = true;
        }

        private static void Kill(Node node) => (node.Dead, node.Runs, node.Stopping) = (true, false, false);

        private void Step(KeyValuePair<UniqueAddress, Node> node, HandOver.IInput input)
        {
            if (node.Value.Dead) return;
            foreach (var effect in node.Value.State.Step(input))
            {
                switch (effect)
                {
                    case HandOver.Send(var to, var message) when _wire.Count < 50: _wire.Add((to, message)); break;
                    case HandOver.StartSingleton:
                        Assert.DoesNotContain(_nodes.Values, n => n.Runs);
                        node.Value.Runs = true;
                        break;
                    case HandOver.StopSingleton:
                        Assert.True(node.Value.Runs);
                        node.Value.Stopping = true;
                        break;
                    case HandOver.AwaitMargin(var gone): node.Value.Margins.Add(gone); break;
                    default: break;
                }
            }
        }
    }
}
