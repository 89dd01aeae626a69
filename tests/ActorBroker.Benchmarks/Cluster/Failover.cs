using System.Globalization;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Benchmarks.Sockets;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Benchmarks.Cluster;

/// <summary>
/// How long clients are without what a broker did when that is killed with -9: three brokers, replication factor 3, two replicas in
/// sync at least. In turn, the broker that is killed is one that leads partitions and nothing more, the one that coordinates the
/// group, and the one that runs the controller.
/// </summary>
internal static class Failover
{
    private const string Topic = "failover";
    private const string Group = "readers";
    private const int Partitions = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Roles = ["leader", "coordinator", "controller"];

    private sealed record Kill(string Role, Recovery Recovery);

    public static async Task RunAsync(TextWriter output, int count)
    {
        output.WriteLine($"{count} times kill -9, in turn of: {string.Join(", ", Roles)}");
        output.WriteLine(Detection());
        await using var cluster = await LocalCluster.StartAsync(
            3, "default.replication.factor=3", "min.insync.replicas=2", "group.initial.rebalance.delay.ms=0");
        await using var client = new KafkaClient(new ClientOptions(cluster.Addresses));
        await new TopicAdmin(client).CreateAsync(
            new CreateTopicsRequest.Topic { Name = Topic, NumPartitions = Partitions, ReplicationFactor = 3 },
            CancellationToken.None);
        await using var traffic = await Traffic.StartAsync(cluster.Addresses, Topic, Partitions, Group);
        var kills = new List<Kill>();
        for (var n = 0; n < count; n++)
        {
            var kill = await KillAsync(cluster, client, traffic, Roles[n % Roles.Length], output);
            kills.Add(kill);
        }
        Print(output, "to produce again", kills, kill => kill.Produce);
        Print(output, "to consume again in a group", kills, kill => kill.Consume);
        Print(output, "to commit again", kills, kill => kill.Commit);
        output.WriteLine($"records that were refused for good: {traffic.Failed}");
    }

    private static async Task<Kill> KillAsync(
        LocalCluster cluster, KafkaClient client, Traffic traffic, string role, TextWriter output)
    {
        using var patience = new CancellationTokenSource(Patience);
        await UntilWholeAsync(client, patience.Token);
        var warmUp = new Recovery(0, Enumerable.Range(0, Partitions));
        traffic.Tell(warmUp);
        await warmUp.Done.WaitAsync(patience.Token);

        var (controller, coordinator) = (cluster.Controller(), await CoordinatorAsync(cluster, client, patience.Token));
        var victim = role switch
        {
            "controller" => controller,
            "coordinator" => coordinator,
            _ => cluster.Ids.First(id => id != controller && id != coordinator),
        };
        var led = client.Metadata.RequireTopic(Topic).Partitions.Where(p => p.LeaderId.Value == victim).Select(p => p.Index).ToList();
        var recovery = new Recovery(cluster.Kill(victim), led);
        traffic.Tell(recovery);
        await recovery.Done.WaitAsync(patience.Token);
        await cluster.RestartAsync(victim);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  broker {victim}, {(victim == controller && victim == coordinator ? "controller and coordinator" : role),-26} "
            + $"leads {led.Count}: produces after {recovery.Produce.TotalSeconds:0.00} s, "
            + $"consumes after {recovery.Consume.TotalSeconds:0.00} s, commits after {recovery.Commit.TotalSeconds:0.00} s"));
        return new Kill(role, recovery);
    }

    /// <summary>Waits until all replicas are in sync and the preferred ones lead.</summary>
    private static async Task UntilWholeAsync(KafkaClient client, CancellationToken cancellation)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            var metadata = await Retry.RunAsync(client.Options, token => client.RefreshAsync(null, token), cancellation);
            var partitions = metadata.Response.Topics.SelectMany(t => t.Partitions).ToList();
            if (partitions.Any(p => p.IsrNodes.Length < p.ReplicaNodes.Length)) continue;
            if (partitions.All(p => p.LeaderId == p.ReplicaNodes[0])) return;
            await new ClusterAdmin(client).ElectAsync(ElectLeadersRequest.Preferred, null, cancellation);
        }
        while (await pause.WaitForNextTickAsync(cancellation));
    }

    private static Task<int> CoordinatorAsync(LocalCluster cluster, KafkaClient client, CancellationToken cancellation) =>
        Retry.RunAsync(client.Options, async token =>
        {
            var connection = await client.AnyAsync(token);
            var response = await connection.SendAsync(new FindCoordinatorRequest(CoordinatorType.Group, [Group]), token);
            KafkaException.ThrowIfError(response.Coordinators[0].ErrorCode);
            return cluster.BrokerAt(response.Coordinators[0].Port);
        }, cancellation);

    private static string Detection()
    {
        var file = Path.Combine(ServerProcess.Root(), "hocon", "cluster.conf");
        var cluster = BrokerOptions.Load(file, []).Config.GetConfig("akka.cluster")!;
        return string.Create(CultureInfo.InvariantCulture,
            $"configured: heartbeats every {Seconds("failure-detector.heartbeat-interval")} s, missed after a pause of "
            + $"{Seconds("failure-detector.acceptable-heartbeat-pause")} s more, looked for every "
            + $"{Seconds("unreachable-nodes-reaper-interval")} s; given up after {Seconds("split-brain-resolver.stable-after")} s more");

        double Seconds(string key) => cluster.GetTimeSpan(key).TotalSeconds;
    }

    private static void Print(TextWriter output, string what, List<Kill> kills, Func<Recovery, TimeSpan> time)
    {
        output.WriteLine($"kill -9 {what}:");
        Print("all", kills);
        foreach (var role in Roles) Print(role, kills.Where(kill => kill.Role == role));

        void Print(string which, IEnumerable<Kill> some)
        {
            var seconds = some.Select(kill => time(kill.Recovery).TotalSeconds).Order().ToList();
            if (seconds.Count == 0) return;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {which,-12} p50 {seconds[seconds.Count / 2]:0.00} s, max {seconds[^1]:0.00} s of {seconds.Count}"));
        }
    }
}
