using Akka.Actor;

namespace Akka.Cluster;

/// <summary>/system/cluster: above the actors of the cluster, and the door to them.</summary>
internal sealed class ClusterDaemon : UntypedActor
{
    private readonly Cluster _cluster;

    public ClusterDaemon(Cluster cluster) => _cluster = cluster;

    public static Props Props(Cluster cluster) => Actor.Props.Create(() => new ClusterDaemon(cluster))
        .WithDispatcher(cluster.Settings.UseDispatcher);

    protected override void OnReceive(object message) => Unhandled(message);

    public override string ToString() => _cluster.SelfAddress.ToString();
}
