using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Simulation.Brokers;

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

    private static long EpochAt(SimulatedBroker watcher, BrokerId id) =>
        watcher.Metadata.Brokers.TryGetValue(id, out var known) ? known.Epoch : -1;
}
