using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Core.Tests.Controller;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Replication;

/// <summary>
/// A partition on four brokers with the real controller, against a plain list of what producers were told to be safe. Brokers
/// hear of metadata late, crash, lose power and come back; messages are late, lost or doubled; the controller fences whom it
/// likes.
/// </summary>
internal sealed class ReplicationWorld
{
    private const int Brokers = 4;
    private const int MinInSync = 2;
    private static readonly TimeSpan LagMax = TimeSpan.FromSeconds(10);

    private readonly Clusters _cluster;
    private readonly SimulatedBroker[] _brokers;
    private readonly List<Action> _network = [];
    private readonly Dictionary<int, int> _acknowledged = [];
    private readonly Dictionary<(BrokerId, Epoch), Offset> _watermarks = [];
    private int _records;
    private TimeSpan _now;

    public ReplicationWorld()
    {
        var settings = Clusters.DefaultPolicy.Settings;
        settings = settings with { Defaults = settings.Defaults.Add("min.insync.replicas", $"{MinInSync}") };
        _cluster = Clusters.Of(Brokers) with { Policy = Clusters.DefaultPolicy with { Settings = settings } };
        _cluster.CreateOn("t", 0, 1, 2);
        _brokers = [.. Enumerable.Range(0, Brokers).Select(id => new SimulatedBroker(new(id)) { Acknowledged = Acknowledge })];
        foreach (var broker in _brokers) broker.Start(1);
        Tell(Image);
    }

    public int Acknowledged => _acknowledged.Count;

    public int Terms => Image.LeaderEpoch.Value;

    public int UncleanElections => _cluster.Events.OfType<MetadataEvent.UncleanElection>().Count();

    private PartitionImage Image => _cluster.Partition("t");

    public void Step(int random)
    {
        var argument = (int)((uint)random / 64);
        var broker = _brokers[argument % Brokers];
        switch ((uint)random % 64)
        {
            case < 8: Produce(argument); break;
            case < 26: Fetch(broker, argument / Brokers); break;
            case < 44:
                for (var i = 0; i <= argument % 5; i++) Deliver(argument / 5);
                break;
            case < 51:
                foreach (var other in _brokers)
                    if (((argument >> other.Id.Value) & 1) == 1) other.Apply(MinInSync, _now);
                break;
            case < 54: Propose(argument); break;
            case < 56: _now += TimeSpan.FromSeconds(argument % 9); break;
            case < 57 when argument / Brokers % 3 == 0 && MayGo(broker):
                Command(new ClusterCommand.ChangeBroker(broker.Id, EpochOf(broker), BrokerChange.Fence));
                break;
            case < 60:
                if (broker.IsRunning) Command(new ClusterCommand.ChangeBroker(broker.Id, EpochOf(broker), BrokerChange.Unfence));
                break;
            case < 61:
                if (argument / Brokers % 2 == 0) Stop(broker, argument / Brokers / 2);
                break;
            case < 62: Start(broker); break;
            case < 63 when argument / Brokers % 3 == 0: Move(argument); break;
            default:
                broker.Log.Flush();
                broker.Checkpoint();
                break;
        }
        Check();
    }

    /// <summary>All are back, nothing fails: all that was acknowledged is everywhere, and everywhere is the same.</summary>
    public void Settle()
    {
        foreach (var broker in _brokers)
        {
            Start(broker);
            Command(new ClusterCommand.ChangeBroker(broker.Id, EpochOf(broker), BrokerChange.Unfence));
        }
        for (var round = 0; round < 60; round++)
        {
            _now += TimeSpan.FromSeconds(1);
            foreach (var broker in _brokers)
            {
                for (var i = 0; i < 50; i++) broker.Apply(MinInSync, _now);
                Fetch(broker, 7);
                while (_network.Count > 0) Deliver(0);
                Propose(0);
            }
            Check();
        }
        Assert.False(Image.Leader.IsNone);
        Assert.Equal(Image.Replicas.Order(), Image.Isr.Order());
        var log = _brokers[Image.Leader.Value].Log.Records;
        foreach (var (offset, record) in _acknowledged) Assert.Equal(record, log[offset].Record);
        foreach (var replica in Image.Replicas) Assert.Equal(log, _brokers[replica.Value].Log.Records);
    }

    private long EpochOf(SimulatedBroker broker) => _cluster.Image.Brokers[broker.Id].Epoch;

    private void Acknowledge(int offset, int record) => Assert.True(_acknowledged.TryAdd(offset, record));

    private void Produce(int argument)
    {
        foreach (var broker in _brokers) broker.Produce(++_records, (short)(argument % 3 == 0 ? 1 : -1), _now);
    }

    private void Fetch(SimulatedBroker follower, int argument)
    {
        if (follower.Ask() is not { } fetch) return;
        Send(argument, () =>
        {
            if (_brokers[fetch.Leader.Value].Answer(fetch, 1 + argument % 3, _now) is { } answer)
                Send(argument / 8, () => follower.Take(answer));
        });
    }

    private void Propose(int argument)
    {
        foreach (var leader in _brokers.Where(b => b.Leads))
        {
            var state = leader.State!;
            var proposal = state.PendingInSync ?? state.ProposeInSync(_now, LagMax, _cluster.Image.IsActive, leader.Epoch);
            if (proposal is null) continue;
            var epoch = leader.Epoch;
            Send(argument, () =>
            {
                // Else one fault more than the ISR can bear: a dead leader's last wish takes in a replica that died with it.
                if (!leader.IsRunning || leader.Epoch != epoch) return;
                var error = _cluster.Alter(leader.Id.Value, new IsrChange(
                    _cluster.Image.Topic("t")!.Id, 0, proposal.LeaderEpoch, proposal.PartitionEpoch, proposal.InSync));
                Tell(Image);
                Send(argument / 8, () => leader.State?.InSyncAnswered(proposal, error));
            });
        }
    }

    /// <summary>Once, twice or never.</summary>
    private void Send(int random, Action message)
    {
        if (random % 8 == 1) return;
        _network.Add(message);
        if (random % 8 == 2) _network.Add(message);
    }

    private void Deliver(int argument)
    {
        if (_network.Count == 0) return;
        var index = argument % 4 == 0 ? argument / 4 % _network.Count : 0;
        var message = _network[index];
        _network.RemoveAt(index);
        message();
    }

    private void Stop(SimulatedBroker broker, int argument)
    {
        if (!broker.IsRunning) return;
        var clean = argument % 5 == 1;
        if (!clean && !MayGo(broker)) return;
        broker.Stop(clean, losesPower: argument % 2 == 0 && OthersHoldAll(broker), argument / 2 % 3);
    }

    /// <summary>Whoever stops without a word is taken for one that lost something, and whoever is fenced may be missed by those who
    /// did. Once somebody has, another one that holds all must be left, or the last leader is elected for want of anyone better.
    /// </summary>
    private bool MayGo(SimulatedBroker broker) => OthersHoldAll(broker) || !_brokers.Any(b => b.IsTainted);

    private bool OthersHoldAll(SimulatedBroker broker) =>
        Image.Isr.Union(Image.Elr).Any(r => r != broker.Id && !_brokers[r.Value].IsDoubtful);

    private void Start(SimulatedBroker broker)
    {
        if (broker.IsRunning) return;
        Command(new ClusterCommand.RegisterBroker(
            broker.Id, [], null, "cluster", PreviousEpoch: broker.IsDoubtful ? -1 : broker.Epoch));
        broker.Start(EpochOf(broker));
        broker.Hear(Image);
    }

    private void Move(int argument)
    {
        var first = argument % Brokers;
        var target = Enumerable.Range(0, 3).Select(i => new BrokerId((first + i) % Brokers));
        Command(new ClusterCommand.AlterReassignments(
            [new Reassignment(new TopicPartition("t", 0), argument % 5 == 0 ? default : [.. target])]));
    }

    private void Command(ClusterCommand command)
    {
        var before = Image;
        _cluster.Do(command);
        if (!ReferenceEquals(before, Image)) Tell(Image);
    }

    private void Tell(PartitionImage image)
    {
        foreach (var broker in _brokers) broker.Hear(image);
    }

    private void Check()
    {
        foreach (var broker in _brokers)
        {
            if (Image.Isr.Contains(broker.Id) && broker.IsRunning) broker.IsTainted = false;
            if (broker.State is not { } state) continue;
            Assert.Equal(broker.Log.End, state.LogEnd);
            if (state.Role != ReplicaRole.Leader) continue;
            var known = _watermarks.GetValueOrDefault((broker.Id, state.LeaderEpoch), Offset.Zero);
            Assert.True(state.HighWatermark >= known, "The watermark went back.");
            _watermarks[(broker.Id, state.LeaderEpoch)] = state.HighWatermark;
            if (state.LeaderEpoch == Image.LeaderEpoch) CheckLeader(broker, state);
        }
    }

    /// <summary>The leader of the newest term has all that was acknowledged, and so has each that may follow it.</summary>
    private void CheckLeader(SimulatedBroker leader, ReplicaState state)
    {
        var log = leader.Log.Records;
        foreach (var (offset, record) in _acknowledged)
            Assert.True(offset < log.Count && log[offset].Record == record, "An acknowledged record is lost.");
        foreach (var replica in Image.Isr.Union(Image.Elr))
        {
            var other = _brokers[replica.Value];
            if (other.IsDoubtful) continue;
            var end = (int)state.HighWatermark.Value;
            Assert.True(other.Log.Records.Count >= end, "The watermark is beyond a replica in sync.");
            Assert.Equal(log.Take(end), other.Log.Records.Take(end));
        }
    }
}
