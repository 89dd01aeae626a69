using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Network;

/// <summary>The right time of day, for what outlives processes.</summary>
internal sealed class WorldTime(SimulatedWorld world) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => world.TimeOfDay;
}
