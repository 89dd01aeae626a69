using ActorBroker.ClientTests.Chaos;
using ActorBroker.ClientTests.Chaos.Network;
using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>B10, B11: a producer speaks to the leaders themselves, and nobody stands between.</summary>
public sealed class ProducerConnectionsTests
{
    /// <summary>Counted in the system's table of sockets. What librdkafka has besides is the connection to the bootstrap server, if
    /// that leads nothing; if it does, it is the same one.</summary>
    [SkippableFact]
    public async Task A_producer_has_one_connection_to_each_leader_of_the_topic_and_none_to_other_brokers()
    {
        KafkaClient.Confluent.OrSkip();
        using var folder = new TempFolder();
        await using var cluster = await ChaosCluster.StartAsync(
            folder, "akka.cluster.failure-detector.acceptable-heartbeat-pause=60s"); // Leaders stay where they are.
        Assert.Equal([1, 2, 3], await ConnectedToAsync(cluster, "all", [1, 2, 3, 1, 2, 3], bootstrap: 1));
        Assert.Equal([1, 3], await ConnectedToAsync(cluster, "two", [1, 3, 3], bootstrap: 1));
        Assert.Equal([1, 2], await ConnectedToAsync(cluster, "elsewhere", [2, 2], bootstrap: 1));
    }

    /// <summary>The brokers at the other ends of a producer's connections, each as often as it has any, when all partitions have
    /// records of its.</summary>
    /// <param name="leaders">Of each partition.</param>
    private static async Task<IEnumerable<int>> ConnectedToAsync(
        ChaosCluster cluster, string topic, int[] leaders, int bootstrap)
    {
        var address = cluster[bootstrap].Address.ToString();
        await ChildProcess.RunAsync(
            Repository.Broker,
            ["topics", "create", "-b", address, "--topic", topic, "--replica-assignment", string.Join(',', leaders),
                "--config", "min.insync.replicas=1"]);
        await using var producer = HistoryClient.Produce(address, topic, leaders.Length, topic);
        await Eventually.TrueAsync(() => producer.AckedSentAt.Count == leaders.Length, () => producer.Errors);
        var ports = SocketOwner.RemotePortsOf(producer.ProcessId);
        await producer.EndAsync();
        return ports.Select(port => cluster.Nodes.Single(node => node.Address.Port == port).Id).Order();
    }
}
