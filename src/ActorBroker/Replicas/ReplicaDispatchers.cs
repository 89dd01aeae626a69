using ActorBroker.Hosting.Options;
using Akka.Configuration;

namespace ActorBroker.Replicas;

/// <summary>The dispatchers of replicas, as reference.conf describes them.</summary>
internal static class ReplicaDispatchers
{
    public const string Partition = "partition-dispatcher";

    public const string Log = "log-dispatcher";

    /// <summary>These two, for an actor system that is no whole broker.</summary>
    public static Config Config { get; } = Of(Partition).WithFallback(Of(Log));

    private static Config Of(string dispatcher) => Reference.Document.Akka.GetValue(dispatcher)!.AtKey(dispatcher);
}
