namespace Akka.Cluster;

/// <summary>What the node knows of the cluster, for any thread to read. Written by the publisher of events only.</summary>
internal sealed class ClusterView(UniqueAddress self)
{
    private static readonly ClusterEvent.CurrentClusterState None = new();

    private volatile Snapshot _now = new(None, Member.Removed(self));
    private long _downedRemovedAt = -1;

    public ClusterEvent.CurrentClusterState State => _now.State;
    public Member Self => _now.Self;

    /// <summary>When, by the scheduler's clock, the latest member was removed that had been downed; null: none was. It may
    /// not know, and still be at work.</summary>
    public TimeSpan? DownedRemovedAt => Volatile.Read(ref _downedRemovedAt) is >= 0 and var ticks ? new TimeSpan(ticks) : null;

    public void DownedRemoved(TimeSpan now) => Volatile.Write(ref _downedRemovedAt, now.Ticks);

    public void Update(ClusterEvent.CurrentClusterState state) => _now = new Snapshot(state,
        state.Members.TryGetValue(Member.Removed(self), out var member) ? member : Member.Removed(self));

    private sealed record Snapshot(ClusterEvent.CurrentClusterState State, Member Self);
}
