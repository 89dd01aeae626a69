using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Simulation.Brokers;
using ActorBroker.Simulation.Clients;
using ActorBroker.Simulation.Faults;

namespace ActorBroker.Simulation;

/// <summary>What simulation found, played again step by step: seeds mean other runs when the code changes.</summary>
public sealed class RegressionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Seed 3 once lost records: a broker that was told to stop while it still waited to be let serve closed its logs, but
    /// said that it did so in no epoch. So it counted as one that may have lost something, and a broker that really had led.
    /// </summary>
    [Fact]
    public void A_broker_that_stops_before_it_serves_has_stopped_cleanly_in_its_new_epoch()
    {
        using var run = new ClusterRun(1, features: Features.None);
        Assert.Null(run.Begin());
        var (watcher, broker) = (run.Brokers[0], run.Brokers[2]);
        Stop();
        broker.Start(ClusterRun.SeedsOf(broker));
        Assert.True(run.World.RunUntil(() => EpochAt(watcher, broker.Id) == 2, Limit));
        Assert.Null(broker.Broker);
        Stop();
        var mark = Encoding.UTF8.GetString(broker.Disk.ReadAll(Path.Combine(SimulatedBroker.DataFolder, ".kafka_cleanshutdown")));
        Assert.Contains("\"brokerEpoch\":2", mark, StringComparison.Ordinal);

        void Stop()
        {
            broker.Stop();
            Assert.True(run.World.RunUntil(() => !broker.IsRunning, Limit));
        }
    }

    /// <summary>Seed 528 once told a group an old offset: a broker that was cut off from another one fenced it, and when it was cut off from
    /// the third as well, took itself for half of the cluster.</summary>
    [Fact]
    public void A_controller_that_fenced_one_broker_and_is_cut_off_from_the_other_serves_no_more()
    {
        using var run = new ClusterRun(1, features: Features.None);
        Assert.Null(run.Begin());
        var controller = run.Brokers.Single(b => b.RunsController);
        SimulatedBroker[] others = [.. run.Brokers.Where(b => b != controller)];
        others[0].Crash();
        Assert.True(run.World.RunUntil(() => !controller.Metadata.IsActive(others[0].Id), Limit));
        Assert.True(controller.IsServing);
        run.World.Network.Split([controller.Host], [others[1].Host]);
        Assert.True(run.World.RunUntil(() => !controller.IsServing, TimeSpan.FromSeconds(4)));
    }

    /// <summary>Seed 1123 once told a member that an offset was out of range that its group had committed: its process knew only
    /// the leader of before, a zombie whose lease still held. The epoch that is committed with an offset says that there is a
    /// newer one (KIP-320).</summary>
    [Fact]
    public void A_client_that_heard_of_a_newer_epoch_asks_no_leader_of_an_older_one()
    {
        using var run = new ClusterRun(1, features: Features.None);
        Assert.Null(run.Begin());
        var partition = new TopicPartition("t", 0);
        ClusterClient? client = null;
        run.World.StartProcess("c3", node => _ = RefreshAsync(client = new ClusterClient(node, ClusterRun.Hosts)));
        var (leader, epoch) = (BrokerId.None, Epoch.None);
        Assert.True(run.World.RunUntil(() => client?.TryLeader(partition, out leader, out epoch) == true, Limit));
        client!.Heard(partition, new Epoch(epoch.Value + 1));
        Assert.False(client.TryLeader(partition, out _, out _));
        run.Brokers.Single(b => b.Id == leader).Crash();
        var next = BrokerId.None;
        Assert.True(run.World.RunUntil(() => client.TryLeader(partition, out next, out epoch), Limit));
        Assert.NotEqual(leader, next);

        async Task RefreshAsync(ClusterClient asking)
        {
            while (true) await asking.RefreshAsync(partition.Topic);
        }
    }

    /// <summary>Seed 586 once lost records that it had to lose: one broker lost power, and another could not close its logs, as a
    /// disk of it was full. It counted as one that had stopped cleanly.</summary>
    [Fact]
    public void While_a_broker_may_not_close_its_logs_for_lack_of_room_no_other_one_loses_power()
    {
        Fault[] plan =
        [
            new(1, FaultKind.Split, ["b3"], ["b1", "b2"]),
            new(14, FaultKind.DiskFull, ["b1"], [], 12),
            new(14.5, FaultKind.Stop, ["b1"], []),
            new(20, FaultKind.PowerLoss, ["b2"], [], 8),
        ];
        using var run = new ClusterRun(1, plan: plan, features: Features.None);
        Assert.Null(run.TryExecute());
    }

    /// <summary>Seed 2930 once never became whole: a broker was let in, but cut off before it heard of that, so the others gave it
    /// up. It went on asking to be let in, which that incarnation never was again.</summary>
    [Fact]
    public void A_broker_that_was_let_in_and_given_up_before_it_heard_of_it_ends()
    {
        using var run = new ClusterRun(1, features: Features.None);
        Assert.Null(run.Begin());
        var late = run.Brokers[2];
        SimulatedBroker[] others = [.. run.Brokers[..2]];
        late.Crash();
        Assert.True(run.World.RunUntil(() => others.All(b => MembersAt(b) == 2), Limit));
        late.Start(ClusterRun.SeedsOf(late));
        Assert.True(run.World.RunUntil(() => others.Any(b => MembersAt(b) == 3), Limit));
        run.World.Network.Split([late.Host], [.. others.Select(b => b.Host)]);
        Assert.True(run.World.RunUntil(() => others.All(b => MembersAt(b) == 2), Limit));
        Assert.False(late.IsMember);
        run.World.Network.HealAll();
        Assert.True(run.World.RunUntil(() => !late.IsRunning, Limit));
    }

    private static int MembersAt(SimulatedBroker broker) => Akka.Cluster.Cluster.Get(broker.Node!.System).State.Members.Count;

    private static long EpochAt(SimulatedBroker watcher, BrokerId id) =>
        watcher.Metadata.Brokers.TryGetValue(id, out var known) ? known.Epoch : -1;
}
