using System.Diagnostics;
using ActorBroker.Checker;
using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;
using Xunit.Abstractions;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// Three brokers with a fault every few seconds, while idempotent producers write with acks=all and a group reads: nothing
/// acknowledged is lost, doubled or reordered, and the cluster is whole again in the end.
/// </summary>
/// <remarks>
/// <c>ACTORBROKER_CHAOS_SECONDS</c>: for how long faults come (45 is short; unset: the test does not run);
/// <c>ACTORBROKER_CHAOS_SEED</c>: which. Every kind comes once before any comes again.
/// </remarks>
public class ChaosTests(ITestOutputHelper output)
{
    internal const string SecondsVariable = "ACTORBROKER_CHAOS_SECONDS";
    private const string Topic = "chaos";
    private const string Group = "readers";
    private const int Partitions = 6;
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _healing = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan _faults = TimeSpan.FromSeconds(Setting(SecondsVariable, 45));
    private static readonly int _seed = Setting("ACTORBROKER_CHAOS_SEED", 1);
    private readonly Random _random = new(_seed);
    private readonly Failovers _failovers = new();

    [ChaosFact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_reordered()
    {
        Assert.Null(KafkaClient.Confluent.Missing);
        using var folder = new TempFolder();
        await using var cluster = await ChaosCluster.StartAsync(folder);
        await HistoryClient.CreateTopicAsync(cluster.Bootstrap, Topic, Partitions);
        await cluster.HealAsync(_healing);

        await using var first = HistoryClient.Produce(cluster.Bootstrap, Topic, "p1");
        await using var second = HistoryClient.Produce(cluster.Bootstrap, Topic, "p2");
        await using var third = HistoryClient.Join(cluster.Bootstrap, Topic, Group);
        await using var fourth = HistoryClient.Join(cluster.Bootstrap, Topic, Group);
        HistoryClient[] producers = [first, second], members = [third, fourth];

        await HarmAsync(cluster);

        var end = await cluster.HealAsync(_healing);
        var failed = new List<string>();
        foreach (var producer in producers) await EndAsync(producer, failed);
        await Eventually.TrueAsync(() => !Unread(producers, members).Any(),
            () => $"Not consumed: {string.Join(',', Unread(producers, members).Take(10))}\n{Errors(members)}\n{cluster.Logs()}");
        foreach (var member in members) await member.EndAsync();
        foreach (var id in cluster.Ids) Assert.Equal(0, await cluster[id].StopAsync());

        var history = RecordedHistory.Of(Topic, Group, producers, members, end, cluster);
        output.WriteLine(
            $"Seed {_seed}: {history.Produced.Length} sent, "
            + $"{history.Produced.Count(p => p.Acknowledged is not null)} acknowledged, "
            + $"{history.Consumed.Length} consumed, {history.Commits.Length} commits and questions for them.");
        output.WriteLine(_failovers.Report([.. producers.SelectMany(p => p.Events)], [.. members.SelectMany(m => m.Events)]));
        var anomalies = HistoryChecker.Check(history);
        Assert.True(
            anomalies.IsEmpty, $"{anomalies.Length} anomalies:\n{string.Join('\n', anomalies.Take(20))}\n{cluster.Logs()}");
        Assert.True(failed.Count == 0, string.Join('\n', failed)); // Last: a loss says more.
        Assert.NotEmpty(history.Produced.Where(p => p.Acknowledged is not null));
    }

    private static async Task EndAsync(HistoryClient producer, List<string> failed)
    {
        try
        {
            await producer.EndAsync();
        }
        catch (ProcessFailedException e)
        {
            failed.Add(e.Message);
        }
    }

    private async Task HarmAsync(ChaosCluster cluster)
    {
        var running = Stopwatch.StartNew();
        for (var round = 0; round == 0 || running.Elapsed < _faults; round++)
        {
            var faults = Enum.GetValues<Fault>();
            _random.Shuffle(faults);
            foreach (var fault in faults.TakeWhile(_ => running.Elapsed < _faults))
            {
                await Task.Delay(_calm); // The pace of the faults, not a wait for something.
                output.WriteLine($"{running.Elapsed.TotalSeconds,6:F1} s: {fault}");
                await CauseAsync(fault, cluster);
                await cluster.HealAsync(_healing);
                output.WriteLine($"{running.Elapsed.TotalSeconds,6:F1} s: whole again");
            }
        }
    }

    private async Task CauseAsync(Fault fault, ChaosCluster cluster)
    {
        switch (fault)
        {
            case Fault.KillLeader:
                await KillAsync(cluster, await cluster.LeaderAsync(Topic));
                break;
            case Fault.KillController:
                await KillAsync(cluster, cluster.Controller());
                break;
            case Fault.KillCoordinator:
                await KillAsync(cluster, await cluster.LeaderAsync("__consumer_offsets"));
                break;
            case Fault.KillAny:
                await KillAsync(cluster, cluster.Ids.ElementAt(_random.Next(cluster.Ids.Count())));
                break;
            case Fault.PauseLeader:
                var paused = cluster[await cluster.LeaderAsync(Topic)];
                paused.Pause();
                await Task.Delay(_pause);
                paused.Continue();
                break;
            case Fault.RollingRestart:
                foreach (var id in cluster.Ids)
                {
                    Assert.Equal(0, await cluster[id].StopAsync());
                    await cluster[id].StartAgainAsync();
                    await cluster.HealAsync(_healing);
                }
                break;
            default:
                throw new UnreachableException($"{fault}");
        }
    }

    /// <summary>kill -9, and a restart when the others have noticed.</summary>
    private async Task KillAsync(ChaosCluster cluster, int id)
    {
        var led = (await cluster.DescribeAsync())
            .Where(p => p.Topic == Topic && p.Leader == id).Select(p => p.Partition).ToList();
        output.WriteLine($"        kill -9 {id}, which leads {string.Join(',', led)}");
        _failovers.Killed(Stopwatch.GetTimestamp(), led);
        await cluster[id].KillAsync();
        await Task.Delay(_calm);
        await cluster[id].StartAgainAsync();
    }

    private static IEnumerable<string> Unread(HistoryClient[] producers, HistoryClient[] members) =>
        producers.SelectMany(p => p.Events).Where(e => e.Event == "acked").Select(e => e.Value!)
            .Except(members.SelectMany(m => m.Events).Where(e => e.Event == "record").Select(e => e.Value!));

    private static string Errors(HistoryClient[] clients) => string.Join('\n', clients
        .Select(client => client.Errors + string.Join('\n', client.Events.Where(e => e.Event == "error").TakeLast(10))));

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } value ? int.Parse(value) : otherwise;
}
