using Akka.Dispatch;

namespace Akka.Embedded.Simulation;

/// <summary>Gives the work of a node's dispatchers to the world.</summary>
internal sealed class SimulatedExecutor(string id, SimulatedNode node) : ExecutorService(id)
{
    public override void Execute(IRunnable run) => node.World.Add(node, run);
    public override void Shutdown() { }
}
