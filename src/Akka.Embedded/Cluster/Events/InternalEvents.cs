using System.Collections.Immutable;

namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>Others have seen the current state: for those that decide by it.</summary>
    internal sealed record SeenChanged(ImmutableSortedSet<UniqueAddress> SeenBy) : IClusterDomainEvent;

    /// <summary>Who does not reach whom has changed.</summary>
    internal sealed record ReachabilityChanged(Reachability Reachability) : IClusterDomainEvent;
}
