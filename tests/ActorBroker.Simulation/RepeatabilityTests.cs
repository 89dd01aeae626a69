using System.Diagnostics;

namespace ActorBroker.Simulation;

/// <summary>The same seed gives the same run, here and in another process: so a failure that CI prints can be played again.</summary>
public sealed class RepeatabilityTests
{
    private const int Seed = 3;

    [Fact]
    public void A_seed_gives_the_same_run_each_time() => Assert.Equal(ClusterRun.Summary(Seed), ClusterRun.Summary(Seed));

    [Fact]
    public void A_trace_changes_nothing() => Assert.Equal(ClusterRun.Summary(Seed), ClusterRun.Summary(Seed, static _ => { }));

    [Fact]
    public async Task Another_process_has_the_same_run()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ClusterRun).Assembly.Location, "4"]) { RedirectStandardOutput = true };
        using var other = Process.Start(start)!;
        var said = await other.StandardOutput.ReadToEndAsync();
        await other.WaitForExitAsync();
        Assert.Equal(ClusterRun.Summary(4), said.Trim());
    }
}
