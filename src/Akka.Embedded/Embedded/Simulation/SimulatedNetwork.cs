using Akka.Actor;
using Akka.Embedded.Transports;

namespace Akka.Embedded.Simulation;

/// <summary>The network between the nodes of a <see cref="SimulatedWorld"/>.</summary>
public sealed class SimulatedNetwork
{
    internal SimulatedNetwork(SimulatedWorld world, Random random)
    {
        _ = world;
        _ = random;
    }

    internal ITransport TransportOf(SimulatedNode node, ExtendedActorSystem system) => throw new NotSupportedException();

    internal void ProcessEnded(SimulatedNode node) { }
}
