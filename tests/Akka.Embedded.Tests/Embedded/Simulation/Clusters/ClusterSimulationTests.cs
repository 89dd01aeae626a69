using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Akka.Embedded.Simulation;
using Xunit.Abstractions;

namespace Akka.Embedded.Tests.Embedded.Simulation.Clusters;

/// <summary>
/// Clusters under random faults. <c>ACTORBROKER_SIM_SEEDS=100000</c> runs more seeds, <c>ACTORBROKER_SIM_SEED=17</c> one of them,
/// with a trace in a file.
/// </summary>
[Collection(Alone)]
public sealed class ClusterSimulationTests(ITestOutputHelper output)
{
    /// <summary>It takes all cores, which tests in real time beside it would have to wait for.</summary>
    internal const string Alone = "simulation alone";
    private const int DefaultSeeds = 1000;

    [Fact]
    public void A_cluster_survives_the_faults_of_any_seed()
    {
        if (Number("ACTORBROKER_SIM_SEED") is { } only)
        {
            RunAlone(only);
            return;
        }
        var clock = Stopwatch.StartNew();
        var failures = new ConcurrentQueue<(int Seed, string Why)>();
        var seeds = Number("ACTORBROKER_SIM_SEEDS") ?? DefaultSeeds;
        long steps = 0;
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            using var run = new ClusterRun(seed);
            if (run.Execute() is { } why) failures.Enqueue((seed, why));
            Interlocked.Add(ref steps, run.World.Steps);
            if (failures.Count >= 10) loop.Stop();
        });
        output.WriteLine($"{seeds} seeds, {steps:N0} steps, {clock.Elapsed}");
        foreach (var (seed, why) in failures.OrderBy(f => f.Seed))
            output.WriteLine($"ACTORBROKER_SIM_SEED={seed}: {why}");
        Assert.True(failures.IsEmpty, failures.OrderBy(f => f.Seed).FirstOrDefault().Why);
    }

    [Fact]
    public void A_seed_gives_the_same_cluster_history_each_time()
    {
        Assert.Equal(ClusterRun.Summary(3), ClusterRun.Summary(3));
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;

    private void RunAlone(int seed)
    {
        var path = Path.Combine(Path.GetTempPath(), $"actorbroker-sim-{seed}.log");
        string? why;
        using (var file = new StreamWriter(path))
        using (var run = new ClusterRun(seed, file.WriteLine)) why = run.Execute();
        output.WriteLine($"Trace: {path}");
        Assert.True(why is null, why);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
