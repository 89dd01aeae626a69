using System.Diagnostics;
using System.Globalization;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>Lets faults befall a cluster under load, one after the other; after each, the cluster is whole again and takes
/// records for all partitions.</summary>
/// <param name="tell">Told what happens, with the time.</param>
internal sealed class Harm(ChaosCluster cluster, Load load, string topic, Outages outages, Action<string> tell)
{
    private const string Offsets = "__consumer_offsets";
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _full = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _healing = TimeSpan.FromSeconds(90);

    /// <summary>Longer than it takes until a split is resolved by stopping the smaller side, or just as long.</summary>
    private static readonly TimeSpan _longestCut = TimeSpan.FromSeconds(7);

    private readonly Stopwatch _running = Stopwatch.StartNew();

    /// <exception cref="TimeoutException">The cluster does not heal, or takes nothing.</exception>
    public async Task CauseAsync(PlannedFault planned)
    {
        await load.GoOnAsync();
        Say($"{planned.Fault}");
        await CauseAsync(planned.Fault, new Random(planned.Seed));
        await cluster.HealAsync(_healing);
        Say("    whole again");
        await load.GoOnAsync();
    }

    private Task CauseAsync(Fault fault, Random random) => fault switch
    {
        Fault.KillLeader => KillLeaderAsync(fault),
        Fault.KillController => KillAsync(fault, cluster.Controller()),
        Fault.KillCoordinator => KillCoordinatorAsync(fault),
        Fault.KillAny => KillAsync(fault, Any(random)),
        Fault.PauseLeader => PauseLeaderAsync(fault),
        Fault.RollingRestart => RestartAllAsync(fault),
        Fault.CutOff => CutAsync(fault, Any(random), hears: false, isHeard: false, random),
        Fault.CutFrom => CutAsync(fault, Any(random), hears: true, isHeard: false, random),
        Fault.CutTo => CutAsync(fault, Any(random), hears: false, isHeard: true, random),
        Fault.FillDisk => FillDiskAsync(fault, Any(random)),
        Fault.FlipBit => KillAsync(fault, Any(random), random),
        _ => throw new UnreachableException($"{fault}"),
    };

    private int Any(Random random) => cluster.Ids[random.Next(cluster.Ids.Count)];

    private async Task KillLeaderAsync(Fault fault) => await KillAsync(fault, await cluster.LeaderAsync(topic));

    private async Task KillCoordinatorAsync(Fault fault) => await KillAsync(fault, await cluster.LeaderAsync(Offsets));

    /// <summary>kill -9; it is started again when the others have taken over.</summary>
    /// <param name="flips">Flips a bit of its log meanwhile.</param>
    private async Task KillAsync(Fault fault, int id, Random? flips = null)
    {
        var led = await TellAsync(id, "kill -9");
        await cluster[id].Process.KillAsync();
        await load.GoOnAsync(Begin(fault, led));
        if (flips is not null) Say($"    a bit of {DamagedLog.FlipBit(cluster[id].Data, topic, flips) ?? "nothing"} is another one");
        await cluster[id].Process.StartAgainAsync();
    }

    private async Task PauseLeaderAsync(Fault fault)
    {
        var id = await cluster.LeaderAsync(topic);
        var led = await TellAsync(id, "stands still");
        cluster[id].Process.Pause();
        Begin(fault, led);
        await Task.Delay(_pause); // The fault itself.
        cluster[id].Process.Continue();
        Say($"    {id} goes on");
    }

    private async Task RestartAllAsync(Fault fault)
    {
        foreach (var id in cluster.Ids)
        {
            Begin(fault, await TellAsync(id, "stops"));
            Assert.Equal(0, await cluster[id].Process.StopAsync());
            await cluster[id].Process.StartAgainAsync();
            await cluster.HealAsync(_healing);
        }
    }

    private async Task CutAsync(Fault fault, int id, bool hears, bool isHeard, Random random)
    {
        var others = cluster.Others(id).ToList();
        var led = await TellAsync(
            id, string.Join(" and ", (string[])[.. hears ? [] : new[] { "does not hear" }, .. isHeard ? [] : new[] { "is not heard" }]));
        cluster.Cuts.Set([
            .. isHeard ? [] : others.Select(other => (id, other)), .. hears ? [] : others.Select(other => (other, id)),
        ]);
        await load.GoOnAsync(Begin(fault, led));
        Say("    the others have taken over");
        await Task.Delay(_longestCut * random.NextDouble()); // More or less than it takes to give the broker up.
        cluster.Cuts.Heal();
    }

    private async Task FillDiskAsync(Fault fault, int id)
    {
        if (cluster[id].Disk is not { } disk)
        {
            Say("    left out: no tmpfs can be mounted here");
            return;
        }
        Begin(fault, await TellAsync(id, "has no room left"));
        disk.Fill();
        await Processes.Eventually.TrueAsync(
            () => cluster[id].Process.Log.Contains("o space left", StringComparison.Ordinal) || cluster[id].Process.HasExited,
            () => "It did not notice.");
        await Task.Delay(_full); // The fault itself.
        disk.Empty();
    }

    /// <returns>What the broker led.</returns>
    private async Task<IReadOnlyList<int>> TellAsync(int id, string what)
    {
        var led = (await cluster[id].Probe.DescribeAsync())
            .Where(p => p.Topic == topic && p.Leader.Value == id).Select(p => p.Partition).ToList();
        var isController = cluster.Controller() == id ? " and is the controller" : "";
        Say($"    broker {id}, which leads {string.Join(',', led)}{isController}: {what}");
        return led;
    }

    /// <returns>The time.</returns>
    private long Begin(Fault fault, IReadOnlyList<int> led)
    {
        var now = Stopwatch.GetTimestamp();
        outages.Began(fault, now, led);
        return now;
    }

    private void Say(string what) =>
        tell(string.Create(CultureInfo.InvariantCulture, $"{_running.Elapsed.TotalSeconds,6:F1} s: {what}"));
}
