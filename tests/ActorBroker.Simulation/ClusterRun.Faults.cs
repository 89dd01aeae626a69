using ActorBroker.Protocol;
using ActorBroker.Simulation.Brokers;
using ActorBroker.Simulation.Faults;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation;

/// <summary>What happens to the cluster.</summary>
internal sealed partial class ClusterRun
{
    private void Inflict(Fault fault)
    {
        World.Trace?.Invoke($"### {fault}");
        var network = World.Network;
        switch (fault.Kind)
        {
            case FaultKind.Split:
                network.Split(fault.Hosts, fault.Others);
                break;
            case FaultKind.CutOneWay:
                foreach (var from in fault.Hosts)
                    foreach (var to in fault.Others) network.CutOneWay(from, to);
                break;
            case FaultKind.Heal:
                network.HealAll();
                break;
            case FaultKind.Reset:
                network.Reset(fault.Hosts[0], fault.Others[0]);
                break;
            case FaultKind.Slow:
                foreach (var other in fault.Others) Slow(fault.Hosts[0], other, fault.Seconds);
                break;
            case FaultKind.PowerLoss:
                LosePower([.. fault.Hosts.Select(BrokerOf)], fault.Seconds);
                break;
            default:
                if (BrokerOf(fault.Hosts[0]) is { Node: { State: not NodeState.Ended } node } broker) Inflict(fault, broker, node);
                break;
        }
    }

    private void Inflict(Fault fault, SimulatedBroker broker, SimulatedNode node)
    {
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                if (!MayEndUncleanly(broker)) return;
                broker.Crash();
                _unclean.TryAdd(broker, false);
                StartAfter(broker, fault.Seconds);
                break;
            case FaultKind.Pause:
                World.Pause(node);
                World.Schedule(TimeSpan.FromSeconds(fault.Seconds), () => World.Resume(node));
                break;
            case FaultKind.Stop:
                broker.Stop();
                break;
            case FaultKind.PowerLossWhileWriting:
                LosePowerAfter(broker, (int)(fault.Seconds * 100));
                break;
            case FaultKind.DiskFull or FaultKind.DiskFails or FaultKind.DiskReplaced:
                InflictOnDisk(fault, broker);
                break;
            case FaultKind.ClockJump:
                node.ShiftTimeOfDay(TimeSpan.FromSeconds(fault.Seconds));
                break;
        }
    }

    private void LosePower(SimulatedBroker[] brokers, double seconds)
    {
        // What is acknowledged is in the page cache of some replicas only, unless it is flushed first. So while one of them has
        // forgotten it, the others must not, nor may they stop in a way after which nobody can rely on them (KIP-966).
        if (!_features.Flushes && brokers.Length > 1) brokers = brokers[..1];
        foreach (var broker in brokers.Where(MayForget))
        {
            broker.LosePower(World.Random);
            StartAfter(broker, seconds);
            _unclean[broker] = true;
            // Now and then again, while it reads what is left.
            if (World.Random.Next(3) == 0) LosePowerAfter(broker, World.Random.Next(60));
        }
    }

    /// <summary>No other one has forgotten what then only this one would be sure to have.</summary>
    private bool MayEndUncleanly(SimulatedBroker broker) =>
        (_features.Flushes && _replaced is null) || !_unclean.Any(other => other.Key != broker && other.Value);

    private bool MayForget(SimulatedBroker broker) => _replaced is not null
        ? _replaced == broker
        : _features.Flushes || _unclean.Keys.All(other => other == broker);

    private void LosePowerAfter(SimulatedBroker broker, int changes)
    {
        broker.Disk.PowerFails = () =>
        {
            if (!broker.IsRunning || changes-- > 0) return false;
            broker.Disk.PowerFails = null;
            if (!MayForget(broker)) return false;
            World.Trace?.Invoke($"### {broker.Host} is about to lose power");
            broker.Node!.IsMute = true;
            _unclean[broker] = true;
            World.Schedule(TimeSpan.Zero, () =>
            {
                broker.LosePower(World.Random);
                StartAfter(broker, 1);
            });
            return true;
        };
    }

    private void StartAfter(SimulatedBroker broker, double seconds) => _startAt[broker] = World.Now + TimeSpan.FromSeconds(seconds);

    /// <summary>The broker of that name, or who has that part now.</summary>
    private SimulatedBroker BrokerOf(string name)
    {
        if (name == FaultPlan.Controller)
            return Brokers.FirstOrDefault(b => b.RunsController) ?? Brokers[0];
        if (name == FaultPlan.Leader)
        {
            var leader = Brokers.MaxBy(b => b.Metadata.Version)!.Metadata.Partition(new(Topic, 0))?.Leader ?? BrokerId.None;
            return Brokers.FirstOrDefault(b => b.Id == leader) ?? Brokers[0];
        }
        return Brokers.First(b => b.Host == name);
    }

    private void Slow(string host, string other, double seconds)
    {
        var slow = new LinkSettings { MinDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromSeconds(1) };
        World.Network.Configure(host, other, slow);
        World.Network.Configure(other, host, slow);
        World.Schedule(TimeSpan.FromSeconds(seconds), () =>
        {
            World.Network.Configure(host, other, null);
            World.Network.Configure(other, host, null);
        });
    }
}
