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

    private static long EpochAt(SimulatedBroker watcher, BrokerId id) =>
        watcher.Metadata.Brokers.TryGetValue(id, out var known) ? known.Epoch : -1;
}
