namespace Akka.Cluster;

/// <summary>What the node knows of the cluster, for any thread to read. Written by the publisher of events only.</summary>
internal sealed class ClusterView(UniqueAddress self)
{
    private static readonly ClusterEvent.CurrentClusterState None = new();

    private volatile Snapshot _now = new(None, Member.Removed(self));

    public ClusterEvent.CurrentClusterState State => _now.State;
    public Member Self => _now.Self;

    public void Update(ClusterEvent.CurrentClusterState state) => _now = new Snapshot(state,
        state.Members.TryGetValue(Member.Removed(self), out var member) ? member : Member.Removed(self));

    private sealed record Snapshot(ClusterEvent.CurrentClusterState State, Member Self);
}
