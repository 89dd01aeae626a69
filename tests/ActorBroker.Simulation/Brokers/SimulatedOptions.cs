using System.Collections.Concurrent;
using System.Globalization;
using ActorBroker.Hosting.Options;
using Akka.Configuration;

namespace ActorBroker.Simulation.Brokers;

/// <summary>How the simulated brokers are configured: as <c>hocon/cluster.conf</c> has it, with small topics and short checks, so
/// that a run of two minutes sees what a real broker sees in days.</summary>
internal static class SimulatedOptions
{
    private static readonly ConcurrentDictionary<(int Id, int Brokers, bool Flushes, int Disks, bool Racks), BrokerOptions> Known =
        new();

    public static BrokerOptions Of(int id, int brokers, Features features) => Known.GetOrAdd(
        (id, brokers, features.Flushes, features.Disks, features.Racks), key => Load(key.Id, key.Brokers, features));

    public static string RackOf(int id) => string.Create(CultureInfo.InvariantCulture, $"rack{id}");

    /// <summary>Replicas never run on the threads of connections, and give way after each message: other orders than usual.</summary>
    public static Config OfPlainDispatchers { get; } =
        ConfigurationFactory.ParseString("partition-dispatcher { type = Dispatcher, throughput = 1 }");

    private static BrokerOptions Load(int id, int brokers, Features features)
    {
        var host = SimulatedBroker.HostOf(id);
        var voters = string.Join(
            ",", Enumerable.Range(1, brokers).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}@{SimulatedBroker.HostOf(i)}:4053")));
        Dictionary<string, string?> keys = new()
        {
            ["broker.id"] = id.ToString(CultureInfo.InvariantCulture),
            ["listeners"] = $"PLAINTEXT://{host}:9092",
            ["log.dirs"] = string.Join(',', SimulatedBroker.FoldersOf(features.Disks)),
            ["controller.quorum.voters"] = voters,
            ["min.insync.replicas"] = "2",
            ["replica.lag.time.max.ms"] = "4000",
            ["log.segment.bytes"] = "4096",
            ["log.index.interval.bytes"] = "256",
            ["offsets.topic.num.partitions"] = "2",
            ["group.initial.rebalance.delay.ms"] = "1000",
            ["leader.imbalance.check.interval.seconds"] = "20",
            ["log.flush.offset.checkpoint.interval.ms"] = "10000",
            ["log.retention.check.interval.ms"] = "7000",
            ["akka.remote.dot-netty.tcp.hostname"] = $"\"{host}\"",
            ["akka.remote.dot-netty.tcp.port"] = "4053",
            ["akka.remote.log-remote-lifecycle-events"] = "off",
            ["akka.cluster.shutdown-after-unsuccessful-join-seed-nodes"] = "off",
            ["akka.coordinated-shutdown.exit-clr"] = "off",
        };
        if (features.Racks)
        {
            keys["broker.rack"] = RackOf(id);
            keys["replica.selector.class"] = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
        }
        if (features.Flushes) keys["log.flush.interval.messages"] = "1";
        return BrokerOptions.Load(Path.Combine(AppContext.BaseDirectory, "cluster.conf"), keys);
    }
}
