using ActorBroker.Simulation.Brokers;
using ActorBroker.Simulation.Faults;

namespace ActorBroker.Simulation;

/// <summary>What happens to disks.</summary>
internal sealed partial class ClusterRun
{
    private const int MaxFreeBytes = 1500;

    /// <summary>A disk of it was replaced or has failed, and it has not all copied yet: nobody else may forget anything, nor stop in a
    /// way after which nobody relies on it.</summary>
    private SimulatedBroker? _replaced;

    private void InflictOnDisk(Fault fault, SimulatedBroker broker)
    {
        var folder = broker.Folders[World.Random.Next(broker.Folders.Length)];
        switch (fault.Kind)
        {
            case FaultKind.DiskFull when MayEndUncleanly(broker):
                // Should it stop meanwhile, of its own accord as well, it may find no room for what a clean stop writes.
                _unclean.TryAdd(broker, false);
                broker.Disk.FreeBytes = World.Random.Next(MaxFreeBytes);
                MendAfter(broker, fault.Seconds);
                break;
            case FaultKind.DiskFails when IsNeedless(broker):
                Forgets(broker);
                broker.FailDisk(folder, onFlush: World.Random.Next(2) == 0);
                MendAfter(broker, fault.Seconds);
                break;
            case FaultKind.DiskReplaced when IsNeedless(broker):
                Replace(broker, World.Random.Next(2) == 0 ? [folder] : [.. broker.Folders]);
                StartAfter(broker, fault.Seconds);
                break;
        }
    }

    private void Replace(SimulatedBroker broker, string[] folders)
    {
        World.Trace?.Invoke($"### {broker.Host} loses {string.Join(',', folders)}");
        broker.Crash();
        foreach (var folder in folders) broker.Disk.Replace(folder);
        Forgets(broker);
    }

    private void Forgets(SimulatedBroker broker)
    {
        _unclean[broker] = true;
        _replaced = broker;
        broker.Voter.Starts();
    }

    /// <summary>The others have all that it has.</summary>
    private bool IsNeedless(SimulatedBroker broker) =>
        MayForget(broker) && Brokers.All(b => b == broker || (IsInSync(b) && b is { HasFailedDisk: false, Voter.Counts: true }));

    private void MendAfter(SimulatedBroker broker, double seconds)
    {
        var failedAt = World.Now;
        broker.DiskFailedAt = failedAt;
        World.Schedule(TimeSpan.FromSeconds(seconds), () =>
        {
            if (broker.DiskFailedAt == failedAt) Mend(broker);
        });
    }

    /// <summary>A disk that has failed is mended while the machine is off.</summary>
    private void Mend(SimulatedBroker broker)
    {
        World.Trace?.Invoke($"### {broker.Host} has its disks mended");
        broker.MendDisks();
        if (!broker.HasFailedDisk) return;
        broker.LosePower(World.Random);
        StartAfter(broker, 1);
    }
}
