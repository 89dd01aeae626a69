namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>The whole state, each time something in it has changed: only for those who ask for just this.</summary>
    internal sealed record StateChanged(MembershipState State) : IClusterDomainEvent;
}
