using System.Diagnostics;
using System.Globalization;

namespace ActorBroker.Simulation;

/// <summary>The same seed gives the same run, here and in another process: so a failure that CI prints can be played again.</summary>
public sealed class RepeatabilityTests
{
    private const int Flushing = 3;

    /// <summary>Members, an administrator, two disks a broker and racks.</summary>
    private const int WithAll = 61;

    [Theory]
    [InlineData(Flushing)]
    [InlineData(WithAll)]
    public void A_trace_changes_nothing_nor_does_time(int seed) =>
        Assert.Equal(ClusterRun.Summary(seed), ClusterRun.Summary(seed, static _ => { }));

    [Theory]
    [InlineData(Flushing)]
    [InlineData(WithAll)]
    public async Task Another_process_has_the_same_run(int seed)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(ClusterRun).Assembly.Location, seed.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true };
        using var other = Process.Start(start)!;
        var said = await other.StandardOutput.ReadToEndAsync();
        await other.WaitForExitAsync();
        Assert.Equal(ClusterRun.Summary(seed), said.Trim());
    }

    [Fact]
    public void One_run_has_all_features() =>
        Assert.True(Features.Of(WithAll) is { Members: > 0, Administrator: true, Disks: > 1, Racks: true });
}
