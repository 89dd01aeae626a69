using System.Globalization;
using System.Text;
using ActorBroker.Core.Quorum;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Quorum;

/// <summary>
/// Voters, proposers and a network that loses, doubles and reorders, against the simplest thing that the journal stands for: one
/// list of committed entries that only grows.
/// </summary>
internal sealed class QuorumWorld
{
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(1);

    private readonly int _count;
    private readonly bool _disksFail;
    private readonly List<VoterNode> _voters = [];
    private readonly List<QuorumProposer> _proposers = [];
    private readonly Dictionary<long, int> _sessions = [];
    private readonly List<Action> _network = [];
    private readonly Dictionary<Epoch, QuorumProposer> _committers = [];
    private readonly List<int> _states = [0];
    private long _session;
    private long _events;
    private ulong _disk;
    private TimeSpan _now;

    public QuorumWorld(int voters, bool disksFail)
    {
        (_count, _disksFail) = (voters, disksFail);
        for (var id = 0; id < voters; id++) _voters.Add(new VoterNode(new(id), ++_disk));
        for (var i = 0; i < 3; i++) _proposers.Add(NewProposer(i));
    }

    /// <summary>All that was ever said to be committed.</summary>
    public List<string> Committed { get; } = [];

    public int Events => Committed.Count(e => !e.EndsWith("voters", StringComparison.Ordinal));

    public int Elections => _committers.Count;

    public void Step(int random)
    {
        var argument = (int)((uint)random / 64);
        switch ((uint)random % 64)
        {
            case < 40:
                for (var i = 0; i <= argument % 5; i++) Deliver(argument / 5, again: false, lose: false);
                break;
            case < 43: Deliver(argument, again: true, lose: false); break;
            case < 46: Deliver(argument, again: false, lose: true); break;
            case < 48: Campaign(argument); break;
            case < 53: Append(argument); break;
            case < 58: Tick(argument); break;
            case < 59: _proposers[argument % 3] = NewProposer(argument % 3); break;
            case < 61: _voters[argument % _count].Restart(); break;
            case < 62: Compact(argument); break;
            default:
                if (_disksFail && argument % 5 == 0) TakeForeignDisk(argument / 5);
                else if (_disksFail) LoseDisk(argument);
                break;
        }
        RunAll(crash: argument % 11 == 0, argument / 11);
    }

    /// <summary>From now on everything works: a proposer must win, and all voters must get all of its entries.</summary>
    public void Settle()
    {
        // Whoever runs such a cluster empties the disk that is not its own.
        foreach (var node in _voters.Where(v => v.IsForeign)) node.LoseDisk(++_disk);
        QuorumProposer? leader = null;
        for (var round = 0; round < 200; round++)
        {
            if (leader is null or { Stage: ProposerStage.Idle } || (round % 20 == 19 && !leader.MayAppend))
            {
                leader = _proposers[0];
                leader.Campaign(_now);
            }
            _now += Repeat;
            leader.Tick(_now);
            RunAll(crash: false, 0);
            while (_network.Count > 0) Deliver(0, again: false, lose: false);
        }
        Assert.True(leader!.MayAppend, leader.Describe());
        Assert.Equal(leader.End, leader.Committed);
        foreach (var node in _voters)
        {
            Assert.Equal(leader.End, node.Voter.Committed);
            Assert.True(node.Voter.Meta.IsConfirmed);
            Assert.True(node.IsWhole);
        }
    }

    private QuorumProposer NewProposer(int index)
    {
        _sessions[++_session] = index;
        var voters = Enumerable.Range(0, _count).Select(i => new BrokerId(i));
        return new(new ProposerId(new(index), _session), voters, Repeat, VoterNode.Limits);
    }

    private void Deliver(int which, bool again, bool lose)
    {
        if (_network.Count == 0) return;
        // Mostly in order, or hardly anything would ever come to its end.
        var index = which % 4 == 0 ? which / 4 % _network.Count : which % Math.Min(3, _network.Count);
        var message = _network[index];
        if (!again) _network.RemoveAt(index);
        if (!lose) message();
        RunAll(crash: false, 0);
    }

    private void Campaign(int argument)
    {
        // A rival that comes up at any time, but not all the time.
        var proposer = _proposers[argument % 3];
        if (!proposer.MayAppend) proposer.Campaign(_now);
    }

    private void Append(int argument)
    {
        foreach (var proposer in _proposers)
        {
            if (!proposer.MayAppend) continue;
            for (var i = 0; i <= argument % 3; i++)
                proposer.Append([Encoding.UTF8.GetBytes((++_events).ToString(CultureInfo.InvariantCulture))], _now);
        }
    }

    private void Tick(int argument)
    {
        _now += Repeat;
        _proposers[argument % 3].Tick(_now);
    }

    private void Compact(int argument)
    {
        foreach (var proposer in _proposers)
        {
            if (!proposer.MayAppend) continue;
            var end = new Offset(proposer.Committed.Value - (argument % 3));
            if (end > Offset.Zero) proposer.Compact(end, Encoding.UTF8.GetBytes(StateAt(end)), _now);
        }
    }

    private void LoseDisk(int argument)
    {
        var node = _voters[argument % _count];
        if (_voters.Count(v => v.IsWhole && v != node) < (_count / 2) + 1) return;
        node.LoseDisk(++_disk);
    }

    private void TakeForeignDisk(int argument)
    {
        var node = _voters[argument % _count];
        if (_voters.Count(v => v.IsWhole && v != node) < (_count / 2) + 1) return;
        node.TakeForeignDisk(_disk += 2000, _count, new Epoch(argument % 50));
    }

    private void RunAll(bool crash, int argument)
    {
        foreach (var node in _voters)
        {
            if (node.Run(Answer, crash ? argument % 4 : int.MaxValue, argument / 4))
                CheckPrefix(node.Voter.Snapshot, node.Voter.CommittedEntries);
        }
        for (var i = 0; i < _proposers.Count; i++)
        {
            var proposer = _proposers[i];
            while (proposer.TryTakeEffect(out var effect)) Handle(proposer, effect);
        }
    }

    private void Answer(ProposerId to, QuorumAnswer answer) => _network.Add(() =>
    {
        // Messages to a proposer that is gone reach the broker, not the one after it.
        if (to.Session == CurrentSession(to.Broker.Value)) _proposers[to.Broker.Value].Hear(answer, _now);
    });

    private long CurrentSession(int index) => _sessions.Where(s => s.Value == index).Max(s => s.Key);

    private void Handle(QuorumProposer proposer, ProposerEffect effect)
    {
        switch (effect)
        {
            case ProposerEffect.Send send: _network.Add(() => _voters[send.To.Value].Voter.Hear(send.Request)); break;
            case ProposerEffect.Won won:
                CheckPrefix(won.Snapshot, won.Entries);
                var end = (won.Snapshot?.End ?? Offset.Zero) + won.Entries.Length;
                // One that was deposed may hear late that it had won; what it says was true, and is not all any more.
                if (_committers.Keys.All(e => e <= proposer.Epoch))
                    Assert.True(end.Value >= Committed.Count, "A committed entry is lost.");
                Extend(proposer, won.Snapshot?.End ?? Offset.Zero, won.Entries);
                break;
            case ProposerEffect.Committed committed:
                var known = Offset.Min(new Offset(Committed.Count), committed.UpTo);
                Extend(proposer, known, proposer.Between(known, committed.UpTo));
                break;
            case ProposerEffect.Lost or ProposerEffect.ForeignVoter: break;
            default: Assert.Fail($"Unexpected effect {effect}"); break;
        }
    }

    private void Extend(QuorumProposer proposer, Offset start, IEnumerable<QuorumEntry> entries)
    {
        Assert.Same(proposer, _committers.GetValueOrDefault(proposer.Epoch, proposer));
        _committers[proposer.Epoch] = proposer;
        var at = (int)start.Value;
        foreach (var entry in entries)
        {
            if (at < Committed.Count) Assert.Equal(Committed[at], Show(entry));
            else Add(entry);
            at++;
        }
    }

    /// <summary>What a voter or a new proposer takes for committed is so, entry by entry.</summary>
    private void CheckPrefix(QuorumSnapshot? snapshot, IEnumerable<QuorumEntry> entries)
    {
        var at = 0;
        if (snapshot is not null)
        {
            Assert.Equal(StateAt(snapshot.End), Encoding.UTF8.GetString(snapshot.State.Span));
            at = (int)snapshot.End.Value;
        }
        foreach (var entry in entries)
        {
            if (at < Committed.Count) Assert.Equal(Committed[at], Show(entry));
            at++;
        }
    }

    private void Add(QuorumEntry entry)
    {
        Committed.Add(Show(entry));
        _states.Add(HashCode.Combine(_states[^1], Committed[^1]));
    }

    /// <summary>The state of a controller that only counts what happened.</summary>
    private string StateAt(Offset end) => _states[(int)end.Value].ToString(CultureInfo.InvariantCulture);

    private static string Show(QuorumEntry entry) =>
        $"{entry.Epoch} " + (entry.IsEvent ? Encoding.UTF8.GetString(entry.Event.Span) : "voters");
}
