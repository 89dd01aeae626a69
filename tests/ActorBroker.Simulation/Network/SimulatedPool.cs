using ActorBroker.Threads;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Network;

/// <summary>A process's thread pool: its work is work of the world, in the order that the seed decides.</summary>
internal sealed class SimulatedPool(SimulatedNode node) : WorkPool
{
    public override TaskCreationOptions SourceOptions => TaskCreationOptions.None;

    public override void Queue(IThreadPoolWorkItem work) => node.Queue(work.Execute);

    public override void End(Action end) => node.Queue(end);
}
