using System.Diagnostics;
using System.Globalization;
using ActorBroker.Checker;
using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;
using Xunit.Abstractions;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// Three brokers with one fault after the other, while idempotent producers write with acks=all and groups read: nothing
/// acknowledged is lost, doubled or reordered, and the cluster is whole again in the end.
/// </summary>
/// <remarks>
/// Every kind of fault comes once. <c>ACTORBROKER_CHAOS_SECONDS</c>: go on for so long; <c>ACTORBROKER_CHAOS_SEED</c>: other
/// details, in another order; <c>ACTORBROKER_CHAOS_FAULTS</c>: only these kinds; <c>ACTORBROKER_CHAOS_LOGS</c>: a folder for the
/// brokers' logs and files, and for what clients told.
/// </remarks>
[Collection(Alone.Name)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const string Topic = "chaos";
    private const int Partitions = 6;
    private static readonly TimeSpan _healing = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan _longer = TimeSpan.FromSeconds(Setting("SECONDS", 0));
    private static readonly int _seed = Setting("SEED", 1);

    private static readonly Fault[] _kinds = Environment.GetEnvironmentVariable("ACTORBROKER_CHAOS_FAULTS") is { } names
        ? [.. names.Split(',').Select(Enum.Parse<Fault>)]
        : _longer > TimeSpan.Zero ? Enum.GetValues<Fault>() : [.. FaultPlan.Short];

    [SkippableFact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_reordered()
    {
        KafkaClient.Confluent.OrSkip();
        KafkaClient.KafkaJs.OrSkip();
        output.WriteLine($"Seed {_seed}");
        using var folder = new TempFolder();
        await using var cluster = await ChaosCluster.StartAsync(folder);
        try
        {
            await RunAsync(cluster);
        }
        catch
        {
            foreach (var node in cluster.Nodes) output.WriteLine($"--- broker {node.Id}\n{End(node.Process.AllLogs)}");
            throw;
        }
        finally
        {
            Evidence.Keep(cluster, Topic);
        }
    }

    private async Task RunAsync(ChaosCluster cluster)
    {
        await HistoryClient.CreateTopicAsync(cluster.Bootstrap, Topic, Partitions);
        await cluster.HealAsync(_healing);
        var outages = new Outages(Partitions);
        await using var observer = new Observer(Topic, cluster.Nodes.ToDictionary(node => node.Id, node => node.Address));
        await using var load = Load.Start(cluster.Bootstrap, Topic, Partitions);
        await using var evidence = new Evidence(load);

        var harm = new Harm(cluster, load, Topic, outages, output.WriteLine);
        var running = Stopwatch.StartNew();
        var caused = 0;
        foreach (var planned in FaultPlan.Of(_seed).Where(planned => _kinds.Contains(planned.Fault)))
        {
            await harm.CauseAsync(planned);
            if (++caused >= _kinds.Length && running.Elapsed > _longer) break;
        }

        var failed = await load.EndAsync();
        var end = await cluster.HealAsync(_healing);
        await observer.DisposeAsync();
        foreach (var node in cluster.Nodes) Assert.Equal(0, await node.Process.StopAsync());
        Check(RecordedHistory.Of(Topic, load, observer, end, cluster), load, outages);
        Assert.True(failed.Count == 0, string.Join('\n', failed)); // Last: a loss says more.
    }

    private void Check(History history, Load load, Outages outages)
    {
        output.WriteLine(
            $"{history.Produced.Length} sent, {history.Produced.Count(p => p.Acknowledged is not null)} acknowledged, "
            + $"{history.Consumed.Length} consumed, {history.Commits.Length} commits and questions for them, "
            + $"{history.Ends.Length} high watermarks, {history.Leaders.Count} leaders.");
        output.WriteLine(outages.Report(
            [.. load.Producers.SelectMany(p => p.Events)], [.. load.Groups.Values.First().SelectMany(m => m.Events)]));
        var anomalies = HistoryChecker.Check(history);
        Assert.True(anomalies.IsEmpty, $"{anomalies.Length} anomalies:\n{string.Join('\n', anomalies.Take(20))}");
        Assert.NotEmpty(history.Produced.Where(p => p.Acknowledged is not null));
        Assert.NotEmpty(history.Ends);
        Assert.NotEmpty(history.Commits);
    }

    private static string End(string log) => string.Join('\n', log.Split('\n').TakeLast(60));

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable($"ACTORBROKER_CHAOS_{name}") is { } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}

/// <summary>Tests for which no others of this project run at the same time: they would take the brokers' processors away.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
