using System.Collections.Immutable;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Groups;

/// <summary>What holds whatever clients do, be the log slow or failing, and though the broker restarts.</summary>
public class GroupProperties
{
    [Fact]
    public void Whatever_happens_the_promises_of_a_group_hold()
    {
        var act = from what in Gen.Choose(0, 99)
                  from who in Gen.Choose(0, Chaos.Clients - 1)
                  from arg in Gen.Choose(0, 99)
                  select (what, who, arg);
        var acts = Arb.From(Gen.ListOf(act, 150).Select(each => each.ToList()), Halves);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(acts, list =>
        {
            var chaos = new Chaos();
            foreach (var (what, who, arg) in list) chaos.Do(what, who, arg);
            chaos.Settle();
        }));
    }

    private static IEnumerable<List<(int What, int Who, int Arg)>> Halves(List<(int What, int Who, int Arg)> acts)
    {
        for (var size = acts.Count / 2; size > 0; size /= 2)
            for (var at = 0; at + size <= acts.Count; at += size)
                yield return [.. acts.Take(at), .. acts.Skip(at + size)];
    }

    private sealed class Chaos
    {
        public const int Clients = 5;
        private const int Partitions = 6;

        private readonly GroupBench _bench = new(GroupBench.Defaults with { MaxSize = 4 }) { AckAtOnce = false };
        private readonly Client[] _clients;
        private readonly Dictionary<Ticket, Request> _asked = [];
        private readonly Dictionary<(int Generation, int Partition), string> _owners = [];
        private readonly HashSet<OffsetsRecord> _stored = new(ReferenceEqualityComparer.Instance);
        private int _lastGeneration;
        private int _lastToldGeneration;
        private long _lastOffset;

        public Chaos()
        {
            _clients = [.. Enumerable.Range(0, Clients).Select(i => new Client(i < 2 ? $"static{i}" : null))];
            _bench.OnReply = Heard;
        }

        private sealed class Client(string? instance)
        {
            public string? Instance { get; } = instance;
            public string MemberId { get; set; } = "";
            public int Generation { get; set; } = -1;
            public ImmutableArray<GroupReply.JoinedMember> ToAssign { get; set; } = [];
        }

        private sealed record Request(Client By, string MemberId, int Generation, long Offset = -1);

        public void Do(int what, int who, int arg)
        {
            var client = _clients[who];
            switch (what)
            {
                case < 25: Join(client, arg); break;
                case < 45: Sync(client, arg); break;
                case < 55: Heartbeat(client); break;
                case < 60: Ask(client, ticket => new GroupInput.Leave(ticket, [new(client.MemberId, client.Instance)])); break;
                case < 70: Commit(client); break;
                case < 78: _bench.Pass(TimeSpan.FromSeconds(arg switch { < 40 => 1, < 80 => 3, < 95 => 11, _ => 61 })); break;
                case < 90: Ack(ErrorCode.None); break;
                case < 93: Ack(arg % 2 == 0 ? ErrorCode.NotEnoughReplicas : ErrorCode.NotLeaderOrFollower); break;
                case < 95: client.Generation += (arg % 3) - 1; break; // Confused.
                case < 98: client.MemberId = ""; break; // A new process.
                default: Restart(arg); break;
            }
            Renew();
            Assert.True(_bench.Group.Generation >= _lastGeneration, "The generation went back");
            _lastGeneration = _bench.Group.Generation;
        }

        /// <summary>Nobody asks for anything any more, the log works, and time goes by.</summary>
        public void Settle()
        {
            for (var round = 0; round < 20; round++)
            {
                while (_bench.Unacknowledged.Count > 0) Ack(ErrorCode.None);
                _bench.Pass(TimeSpan.FromMinutes(10));
            }
            Assert.All(_asked.Keys, ticket => Assert.True(_bench.Replies.ContainsKey(ticket), "A caller waits for ever"));
            Assert.Empty(_bench.Group.Describe().Members);
            Assert.Empty(_bench.Timers);
        }

        private void Ask(Client client, Func<Ticket, GroupInput> input, long offset = -1)
        {
            var ticket = _bench.NextTicket();
            _asked.Add(ticket, new(client, client.MemberId, client.Generation, offset));
            _bench.Tell(input(ticket));
        }

        private void Heartbeat(Client client) => Ask(client, ticket =>
            new GroupInput.Heartbeat(ticket, client.MemberId, client.Instance, client.Generation));

        private void Join(Client client, int arg) => Ask(client, ticket => new GroupInput.Join(
            ticket, client.MemberId, client.Instance, "client", "/h",
            TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(arg % 2 == 0 ? 30 : 60), "consumer",
            GroupBench.Protocols(arg % 5 == 0 ? ["range", "sticky"] : arg % 5 == 1 ? ["sticky"] : ["sticky", "range"]),
            _bench.NextMemberId("m"), MustKnowItsId: arg % 3 > 0, MaySkipAssignment: arg % 7 < 4));

        /// <summary>A leader gives each partition to someone, and to others if it does so again.</summary>
        private void Sync(Client client, int arg)
        {
            var random = new Random(arg);
            var given = client.ToAssign.ToDictionary(each => each.MemberId, _ => new List<byte>());
            for (byte partition = 0; given.Count > 0 && partition < Partitions; partition++)
                given.Values.ElementAt(random.Next(given.Count)).Add(partition);
            Ask(client, ticket => new GroupInput.Sync(ticket, client.MemberId, client.Instance, client.Generation, null, null,
                [.. given.Select(each => new MemberAssignment(each.Key, each.Value.ToArray()))]));
        }

        private void Commit(Client client)
        {
            var offset = ++_lastOffset;
            Ask(client, ticket => new GroupInput.CommitOffsets(ticket, client.MemberId, client.Instance, client.Generation, null,
                [new(new("t", 0), new(offset), Epoch.None, null)]), offset);
        }

        private void Ack(ErrorCode error)
        {
            if (_bench.Unacknowledged.Count == 0) return;
            var records = _bench.Unacknowledged.Peek().Records;
            if (error is ErrorCode.None) _stored.UnionWith(records);
            else _bench.Log.RemoveAll(records.Contains);
            _bench.Ack(error);
        }

        /// <summary>What was not acknowledged may be lost; callers lose their connections.</summary>
        private void Restart(int arg)
        {
            if (arg % 2 == 0) _bench.Log.RemoveAll(record => !_stored.Contains(record));
            else _stored.UnionWith(_bench.Log);
            foreach (var unanswered in _asked.Keys.Where(_bench.IsParked).ToList()) _asked.Remove(unanswered);
            _bench.Reload();
            _lastGeneration = _bench.Group.Generation;
            Assert.True(_lastGeneration >= _lastToldGeneration, "A generation that members work in was forgotten");
        }

        /// <summary>A group that was removed begins anew.</summary>
        private void Renew()
        {
            if (!_bench.Removed) return;
            _bench.Reload();
            _owners.Clear();
            _lastGeneration = _lastToldGeneration = 0;
            foreach (var client in _clients) client.Generation = -1;
        }

        private void Heard(Ticket ticket, GroupReply reply)
        {
            if (!_asked.TryGetValue(ticket, out var request)) return;
            switch (reply)
            {
                case GroupReply.Joined { Error: ErrorCode.None or ErrorCode.MemberIdRequired } joined:
                    request.By.MemberId = joined.MemberId;
                    if (joined.Error is not ErrorCode.None) break;
                    request.By.Generation = joined.Generation;
                    request.By.ToAssign = joined.Members; // Also where it should skip: it is confused.
                    if (_bench.Group.State is not GroupState.Stable) break;
                    Assert.True(IsStored(joined.MemberId), "A member of a generation that goes on has an id that is not stored");
                    break;
                case GroupReply.Synced { Error: ErrorCode.None } synced: Assigned(request, synced); break;
                case GroupReply.Committed { Results: [ErrorCode.None] }:
                    var commits = _stored.OfType<OffsetsRecord.OffsetCommitted>();
                    Assert.True(commits.Any(each => each.Offset.Offset.Value == request.Offset),
                        "A commit was confirmed before it was stored");
                    break;
            }
        }

        private bool IsStored(string memberId) => _stored.OfType<OffsetsRecord.GroupStored>()
            .Any(each => each.Metadata.Members.Any(member => member.MemberId == memberId));

        private void Assigned(Request request, GroupReply.Synced synced)
        {
            _lastToldGeneration = Math.Max(_lastToldGeneration, request.Generation);
            var stored = _stored.OfType<OffsetsRecord.GroupStored>().Where(each => each.Metadata.Generation == request.Generation)
                .SelectMany(each => each.Metadata.Members).Where(member => IsSame(member, request));
            Assert.True(stored.Any(member => member.Assignment.Span.SequenceEqual(synced.Assignment.Span)),
                "An assignment was told before it was stored");
            // A static member's processes share its partitions: all but the last are fenced.
            var owner = request.By.Instance ?? request.MemberId;
            foreach (var partition in synced.Assignment.Span)
            {
                _owners.TryAdd((request.Generation, partition), owner);
                Assert.True(_owners[(request.Generation, partition)] == owner,
                    "A partition went to two members of one generation");
            }
        }

        private static bool IsSame(StoredMember member, Request request) =>
            request.By.Instance is { } instance ? member.InstanceId == instance : member.MemberId == request.MemberId;
    }
}
