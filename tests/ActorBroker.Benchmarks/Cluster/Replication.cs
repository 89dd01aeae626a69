using System.Globalization;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Benchmarks.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Benchmarks.Cluster;

/// <summary>
/// What replication costs: producing to three replicas of which all must have a record, against producing to one, on the same
/// three brokers in turn; and the processor time of a follower against that of the leader.
/// </summary>
internal static class Replication
{
    private const string Three = "three";
    private const string One = "one";
    private const string Led = "led";
    private const long RunBytes = 300L << 20;

    /// <summary>Of both kinds: three new processes compile for long what they do.</summary>
    private const int WarmUps = 4;

    public static async Task RunAsync(Pairs pairs, TextWriter output, int rounds)
    {
        await using var cluster = await LocalCluster.StartAsync(
            3, "log.retention.check.interval.ms=1000", "log.retention.bytes=536870912", "log.segment.bytes=134217728",
            "log.segment.delete.delay.ms=0", "min.insync.replicas=2");
        await using var client = new KafkaClient(new ClientOptions(cluster.Addresses));
        await CreateAsync(client, Three, 3, 3);
        await CreateAsync(client, One, 3, 1);
        await CreateAsync(client, Led, 1, 3);
        foreach (var (name, batchBytes, window) in new[] { ("16 KiB", 16 << 10, 64), ("500 KB", 500_000, 5) })
        {
            for (var i = 0; i < WarmUps; i++)
            {
                await ProduceAsync(cluster, client, Three, batchBytes, acks: -1, window);
                await ProduceAsync(cluster, client, One, batchBytes, acks: 1, window);
            }
            await pairs.RunAsync(
                $"acks=all and 3 replicas against acks=1 and one, a producer for each of 3 leaders, {name} batches",
                "MB/s, CPU s per GB of all brokers", null,
                () => ProduceAsync(cluster, client, Three, batchBytes, acks: -1, window),
                () => ProduceAsync(cluster, client, One, batchBytes, acks: 1, window));
            await FollowersAsync(cluster, client, output, rounds, name, batchBytes, window);
        }
    }

    private static async Task<Sample> ProduceAsync(
        LocalCluster cluster, KafkaClient client, string topic, int batchBytes, short acks, int window)
    {
        var metadata = await client.RefreshAsync([topic], CancellationToken.None);
        var connections = metadata.RequireTopic(topic).Partitions.Select(partition => (
            Port: cluster.PortOf(partition.LeaderId.Value),
            Frame: KafkaFrames.Produce(topic, partition.Index, batchBytes, acks))).ToArray();
        var each = (int)(RunBytes / connections.Length / connections[0].Frame.Length);
        var bytes = (double)each * connections.Sum(connection => (long)connection.Frame.Length);
        var cpu = cluster.Ids.Sum(cluster.CpuSeconds);
        var seconds = await PipelinedLoad.RunAsync(connections, each, window, ProduceAgainstSocketToFile.Check);
        return new Sample(bytes / 1e6 / seconds, (cluster.Ids.Sum(cluster.CpuSeconds) - cpu) / (bytes / 1e9));
    }

    private static async Task FollowersAsync(
        LocalCluster cluster, KafkaClient client, TextWriter output, int rounds, string name, int batchBytes, int window)
    {
        var metadata = await client.RefreshAsync([Led], CancellationToken.None);
        var leader = metadata.RequireTopic(Led).Partitions[0].LeaderId.Value;
        var frame = KafkaFrames.Produce(Led, 0, batchBytes, acks: -1);
        var count = (int)(RunBytes / frame.Length);
        var gigabytes = (double)count * frame.Length / 1e9;
        var (leading, following) = (new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var before = cluster.Ids.ToDictionary(id => id, cluster.CpuSeconds);
            await PipelinedLoad.RunAsync(
                [(cluster.PortOf(leader), frame)], count, window, ProduceAgainstSocketToFile.Check);
            if (round < 0) continue; // To warm up.
            var used = cluster.Ids.ToDictionary(id => id, id => cluster.CpuSeconds(id) - before[id]);
            leading.Add(used[leader] / gigabytes);
            following.Add(used.Where(of => of.Key != leader).Average(of => of.Value) / gigabytes);
        }
        output.WriteLine($"processor time of a follower against that of the leader of two, {name} batches");
        output.WriteLine($"  ratio      {new Spread(following.Zip(leading, (follower, its) => follower / its))}");
        output.WriteLine($"  follower   {new Spread(following)} CPU s per GB");
        output.WriteLine($"  leader     {new Spread(leading)} CPU s per GB");
    }

    private static async Task CreateAsync(KafkaClient client, string topic, int partitions, short replicas)
    {
        await new TopicAdmin(client).CreateAsync(
            new CreateTopicsRequest.Topic { Name = topic, NumPartitions = partitions, ReplicationFactor = replicas },
            CancellationToken.None);
        var metadata = await client.RefreshAsync([topic], CancellationToken.None);
        var leaders = metadata.RequireTopic(topic).Partitions.Select(p => p.LeaderId).Distinct().Count();
        if (leaders < partitions)
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{topic} has {leaders} leaders for {partitions} partitions"));
    }
}
