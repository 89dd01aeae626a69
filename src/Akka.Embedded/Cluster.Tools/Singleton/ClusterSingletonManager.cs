using Akka.Actor;
using Akka.Cluster.Tools.Singleton.Internal;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Keeps one actor in a cluster, on the oldest member with a role. Start it under the same path on every node that may run the
/// singleton, early: the managers talk to each other to hand it over.
/// </summary>
/// <remarks>
/// Two never run at a time while the cluster is one. There may be none for a while: when the oldest leaves, until the next has
/// noticed; when it crashes, until it is downed and the removal margin is over. On both sides of a split that the downing
/// provider has not resolved, or has resolved badly, one may run each.
/// </remarks>
public sealed class ClusterSingletonManager
{
    private ClusterSingletonManager() { }

    /// <summary>The defaults of <c>akka.cluster.singleton</c> and <c>akka.cluster.singleton-proxy</c>.</summary>
    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource<ClusterSingletonManager>("Akka.Cluster.Tools.Singleton.singleton.conf");

    /// <summary>A manager whose singleton is stopped by a poison pill.</summary>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) =>
        Props(singletonProps, PoisonPill.Instance, settings);

    /// <param name="singletonProps">The singleton.</param>
    /// <param name="terminationMessage">Told to the singleton before it moves; it must stop itself then.</param>
    /// <param name="settings">Name, role and times.</param>
    public static Props Props(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings) =>
        Akka.Actor.Props.Create(() => new SingletonManagerActor(singletonProps, terminationMessage, settings))
            .WithDispatcher(Dispatchers.InternalDispatcherId).WithDeploy(Deploy.Local);
}
