using Akka.Actor;

namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>Another member leads, as this node sees it. Null: none.</summary>
    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is LeaderChanged other && Leader == other.Leader;
        public override int GetHashCode() => Leader?.GetHashCode() ?? 0;
        public override string ToString() => $"LeaderChanged({Leader})";
    }

    /// <summary>Another member is the first of those with a role. Null: none.</summary>
    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        public string Role { get; } = role;
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) =>
            obj is RoleLeaderChanged other && Role == other.Role && Leader == other.Leader;
        public override int GetHashCode() => HashCode.Combine(Role, Leader);
        public override string ToString() => $"RoleLeaderChanged({Role}, {Leader})";
    }

    /// <summary>This node's part in the cluster ends; the last events follow.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown() { }

        public override string ToString() => nameof(ClusterShuttingDown);
    }
}
