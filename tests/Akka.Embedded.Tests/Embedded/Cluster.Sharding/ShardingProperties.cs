using Akka.Cluster.Sharding.Internal;
using Akka.Embedded.Tests.Embedded.Cluster.Tools;
using FsCheck;
using FsCheck.Fluent;
using static Akka.Cluster.Sharding.Internal.Coordination;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

/// <summary>
/// Regions and coordinators as pure cores on a network that keeps order between two and loses some: regions come, leave and
/// crash, shards move and fail, the coordinator moves. No shard ever runs twice, and when all is quiet every message has found
/// its way.
/// </summary>
public class ShardingProperties
{
    [Fact]
    public void No_shard_ever_runs_twice_and_in_the_end_all_messages_have_gone()
    {
        var act = from what in Gen.Choose(0, 99) from who in Gen.Choose(0, 999) select (what, who);
        var acts = Arb.From(Gen.ListOf(act, 200).Select(each => each.ToList()), HandOverProperties.Halves);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(acts, list =>
        {
            var chaos = new Chaos();
            foreach (var (what, who) in list) chaos.Do(what, who);
            chaos.Settle();
        }));
    }

    private abstract record Message;
    private sealed record Register(IReadOnlyList<string> Shards) : Message;
    private sealed record RegisterAck : Message;
    private sealed record GetHome(string Shard) : Message;
    private sealed record Home(string Shard, int Region) : Message;
    private sealed record Host(string Shard) : Message;
    private sealed record Started(string Shard) : Message;
    private sealed record Begin(string Shard) : Message;
    private sealed record Begun(string Shard) : Message;
    private sealed record HandOff(string Shard) : Message;
    private sealed record Stopped(string Shard) : Message;
    private sealed record Leaves : Message;
    private sealed record User(string Shard) : Message;

    private sealed class Chaos
    {
        private readonly SortedDictionary<int, Region> _regions = [];
        private readonly SortedDictionary<(int From, int To), Queue<Message>> _wire = [];
        private readonly SortedSet<string> _overdueMoves = [];
        private readonly HashSet<int> _dying = []; // Crashed, and the coordinator waits for the margin.
        private CoordinatorState<int> _coordinator = null!;
        private HashSet<int> _awaited = [];
        private int _coordinatorId; // Coordinators are negative.
        private int _lastRegion;

        public Chaos()
        {
            for (var i = 0; i < 3; i++) Join();
            MoveCoordinator();
        }

        private sealed class Region(int id)
        {
            public RegionState<int, string> State { get; } = new(id, false, 1000);
            public int Coordinator { get; set; }
            public HashSet<string> Running { get; } = [];
            public SortedSet<string> Stopping { get; } = [];
            public Dictionary<string, int> HandOffFor { get; } = [];
        }

        public void Do(int what, int who)
        {
            var (id, region) = _regions.ElementAt(who % _regions.Count);
            var shard = "abcd"[who % 4].ToString();
            var lanes = Lanes();
            switch (what)
            {
                case < 15: Deliver(id, region, shard); break;
                case < 60 when lanes.Length > 0: Pass(lanes[who % lanes.Length]); break;
                case < 64 when lanes.Length > 0: _wire[lanes[who % lanes.Length]].Dequeue(); break;
                case < 72: Tick(id, region); break;
                case < 78: Run(_coordinator.MayRebalance ? _coordinator.Rebalance([shard]) : []); break;
                case < 84 when region.Stopping.Count > 0: StopShard(id, region, region.Stopping.Min!); break;
                case < 86 when region.Running.Contains(shard): StopShard(id, region, shard); break; // It fails.
                case < 88 when _regions.Count < 5: Join(); break;
                case < 90 when _regions.Count > 2: Crash(id); break;
                case < 92 when _regions.Count > 2: Leave(id, region); break;
                case < 95: MoveCoordinator(); break;
                case < 97 when _dying.Count > 0: MarginOver(); break;
                case < 98 when _overdueMoves.Count > 0: Run(_coordinator.MoveOverdue(_overdueMoves.Min!)); break;
                default: Run(_coordinator.HostShardOverdue(shard)); break;
            }
        }

        public void Settle()
        {
            Join(); // All others may be leaving.
            for (var i = 0; i < 30; i++)
            {
                while (_dying.Count > 0) MarginOver();
                foreach (var (id, region) in _regions.ToArray())
                {
                    Tick(id, region);
                    foreach (var shard in region.Stopping.ToArray()) StopShard(id, region, shard);
                }
                foreach (var shard in "abcd") Run(_coordinator.HostShardOverdue(shard.ToString()));
                PassAll();
                if (i == 15) foreach (var shard in _overdueMoves.ToArray()) Run(_coordinator.MoveOverdue(shard));
            }
            Assert.Empty(Lanes());
            Assert.All(_regions.Values, r => Assert.Equal(0, r.State.Waiting));
        }

        /// <summary>What is under way, and what comes of it. Two regions may send a message to and fro for a while.</summary>
        private void PassAll()
        {
            for (var turns = 0; turns < 50 && Lanes() is { Length: > 0 } lanes; turns++)
                foreach (var lane in lanes) Pass(lane);
        }

        private (int From, int To)[] Lanes() => [.. _wire.Where(w => w.Value.Count > 0).Select(w => w.Key)];

        private void Join()
        {
            _regions.Add(++_lastRegion, new Region(_lastRegion));
            if (_coordinator is { Recovering: true }) _awaited.Add(_lastRegion);
        }

        private void Crash(int id)
        {
            _regions.Remove(id);
            _awaited.Remove(id);
            Run(_coordinator.Dies(id));
            if (_coordinator.Regions.Contains(id)) _dying.Add(id);
            EndRecovery();
        }

        private void MarginOver()
        {
            var id = _dying.Min();
            _dying.Remove(id);
            Run(_coordinator.Gone(id));
            foreach (var region in _regions.Values) region.State.RegionGone(id);
        }

        private void Leave(int id, Region region)
        {
            region.State.Leaving = true;
            if (region.Coordinator != 0) Send(id, region.Coordinator, new Leaves());
        }

        /// <summary>The old one has stopped before, but what it has sent may still arrive.</summary>
        private void MoveCoordinator()
        {
            _coordinatorId--;
            _coordinator = new CoordinatorState<int>(1) { Recovering = true };
            _awaited = [.. _regions.Keys];
            _overdueMoves.Clear();
            foreach (var id in _dying) foreach (var region in _regions.Values) region.State.RegionGone(id);
            _dying.Clear(); // A coordinator starts after the margin of those that crashed before.
        }

        private void EndRecovery()
        {
            if (_awaited.Count == 0) _coordinator.Recovering = false;
        }

        private void Tick(int id, Region region)
        {
            // A region learns of a new coordinator at its own pace.
            if (region.Coordinator != _coordinatorId)
            {
                region.Coordinator = 0;
                Send(id, _coordinatorId, new Register(region.State.Hosted));
                return;
            }
            foreach (var shard in region.State.Wanted) Send(id, region.Coordinator, new GetHome(shard));
            if (region.State.Leaving) Send(id, region.Coordinator, new Leaves());
            if (!region.State.Leaving || !region.State.IsEmpty || _regions.Count == 1) return;
            _regions.Remove(id);
            _awaited.Remove(id);
            Run(_coordinator.Gone(id));
            foreach (var other in _regions.Values) other.State.RegionGone(id);
            EndRecovery();
        }

        private void Deliver(int id, Region region, string shard)
        {
            switch (region.State.Deliver(shard, shard, out var to))
            {
                case Route.Send when to < 1000: Send(id, to, new User(shard)); break;
                case Route.Send: Assert.Contains(shard, region.Running); break;
                case Route.StartAndSend: StartShard(id, region, shard); break;
                case Route.KeptFirst when region.Coordinator != 0: Send(id, region.Coordinator, new GetHome(shard)); break;
                default: break;
            }
        }

        private void Send(int from, int to, Message message)
        {
            if (!_wire.TryGetValue((from, to), out var lane)) _wire.Add((from, to), lane = []);
            lane.Enqueue(message);
        }

        private void Pass((int From, int To) lane)
        {
            var message = _wire[lane].Dequeue();
            if (lane.To == _coordinatorId) OnCoordinator(lane.From, message);
            else if (_regions.TryGetValue(lane.To, out var region)) OnRegion(lane.To, region, lane.From, message);
        }

        private void OnCoordinator(int from, Message message)
        {
            if (!_regions.ContainsKey(from)) return; // It is no member any more.
            switch (message)
            {
                case Register(var shards):
                    Run(_coordinator.Registered(from, shards));
                    Send(_coordinatorId, from, new RegisterAck());
                    _awaited.Remove(from);
                    EndRecovery();
                    break;
                case GetHome(var shard): Run(_coordinator.HomeAsked(from, shard)); break;
                case Started(var shard): Run(_coordinator.Started(from, shard)); break;
                case Begun(var shard): Run(_coordinator.HandOffBegun(from, shard)); break;
                case Stopped(var shard): Run(_coordinator.Stopped(from, shard)); break;
                case Leaves: Run(_coordinator.Leaves(from)); break;
                default: break;
            }
        }

        private void OnRegion(int id, Region region, int from, Message message)
        {
            if (message is User(var to)) Deliver(id, region, to);
            else if (message is RegisterAck && from == _coordinatorId) Registered(region, from);
            else if (from == region.Coordinator) OnOrder(id, region, from, message);
        }

        private static void Registered(Region region, int coordinator)
        {
            if (region.Coordinator == coordinator) return;
            region.Coordinator = coordinator;
            region.State.HasNewCoordinator();
        }

        private void OnOrder(int id, Region region, int from, Message message)
        {
            switch (message)
            {
                case Home(var shard, var home): HomeIs(id, region, shard, home); break;
                case Host when region.State.Leaving: Send(id, from, new Leaves()); break;
                case Host(var shard):
                    HomeIs(id, region, shard, id);
                    Send(id, from, new Started(shard));
                    break;
                case Begin(var shard):
                    region.State.BeginHandOff(shard);
                    Send(id, from, new Begun(shard));
                    break;
                case HandOff(var shard) when region.State.HandOff(shard, out _, out _):
                    region.HandOffFor[shard] = from;
                    region.Stopping.Add(shard);
                    break;
                case HandOff(var shard): Send(id, from, new Stopped(shard)); break;
                default: break;
            }
        }

        private void HomeIs(int id, Region region, string shard, int home)
        {
            if (region.State.HomeIs(shard, home)) StartShard(id, region, shard);
            Release(id, region, shard);
        }

        private void Release(int id, Region region, string shard)
        {
            foreach (var _ in region.State.Release(shard, out var to)) if (to < 1000) Send(id, to, new User(shard));
        }

        private void StartShard(int id, Region region, string shard)
        {
            Assert.DoesNotContain(_regions.Values, r => r.Running.Contains(shard));
            region.Running.Add(shard);
            region.State.Started(shard, 1000 + id);
        }

        private void StopShard(int id, Region region, string shard)
        {
            region.Running.Remove(shard);
            region.Stopping.Remove(shard);
            if (region.State.ActorGone(shard)) StartShard(id, region, shard);
            if (region.HandOffFor.Remove(shard, out var asker)) Send(id, asker, new Stopped(shard));
            Release(id, region, shard);
        }

        private void Run(IEnumerable<Effect> effects)
        {
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case AskStrategy<int> ask:
                        var choice = _coordinator.Allocations.MinBy(r => r.Shards.Length);
                        Run(_coordinator.Allocated(ask.Asker, ask.Shard, choice.Region));
                        break;
                    case SendHome<int> home: Send(_coordinatorId, home.To, new Home(home.Shard, home.Home)); break;
                    case SendHostShard<int> host: Send(_coordinatorId, host.To, new Host(host.Shard)); break;
                    case SendBeginHandOff<int> begin: Send(_coordinatorId, begin.To, new Begin(begin.Shard)); break;
                    case SendHandOff<int> handOff: Send(_coordinatorId, handOff.To, new HandOff(handOff.Shard)); break;
                    case StartMoveTimer start: _overdueMoves.Add(start.Shard); break;
                    case StopMoveTimer stop: _overdueMoves.Remove(stop.Shard); break;
                    default: break;
                }
            }
        }
    }
}
