using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace ActorBroker.Simulation;

/// <summary>
/// Clusters under random faults. <c>ACTORBROKER_SIMULATION_SEEDS=10000</c> runs more seeds, <c>ACTORBROKER_SIMULATION_SEED=17</c>
/// one of them, with a trace in a file.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 300;
    private const int MaxFailures = 5;

    [Fact]
    public void A_cluster_keeps_its_promises_under_the_faults_of_any_seed()
    {
        if (Number("ACTORBROKER_SIMULATION_SEED") is { } only)
        {
            RunAlone(only);
            return;
        }
        var clock = Stopwatch.StartNew();
        var failures = new ConcurrentQueue<(int Seed, string Why)>();
        var (first, count) = (Number("ACTORBROKER_SIMULATION_FROM") ?? 0, Number("ACTORBROKER_SIMULATION_SEEDS") ?? DefaultSeeds);
        long steps = 0;
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (seed, loop) =>
        {
            using var run = new ClusterRun(seed);
            if (run.TryExecute() is { } why) failures.Enqueue((seed, why));
            Interlocked.Add(ref steps, run.World.Steps);
            if (failures.Count >= MaxFailures) loop.Stop();
        });
        output.WriteLine($"{count} seeds, {steps:N0} steps, {clock.Elapsed}");
        foreach (var (seed, why) in failures.OrderBy(f => f.Seed)) output.WriteLine($"ACTORBROKER_SIMULATION_SEED={seed}: {why}");
        Assert.True(failures.IsEmpty, failures.OrderBy(f => f.Seed).FirstOrDefault().Why);
    }

    private void RunAlone(int seed)
    {
        var path = Path.Combine(Path.GetTempPath(), $"actorbroker-simulation-{seed}.log");
        string? why;
        using (var file = new StreamWriter(path))
        using (var run = new ClusterRun(seed, file.WriteLine))
        {
            why = run.TryExecute();
            output.WriteLine(run.ToString());
        }
        output.WriteLine($"Trace: {path}");
        Assert.True(why is null, why);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
