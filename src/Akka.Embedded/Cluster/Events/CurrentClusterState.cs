using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>The cluster as one node sees it at a moment.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        private readonly ImmutableDictionary<string, Address?> _roleLeaders;

        public CurrentClusterState() : this([], [], [], null, ImmutableDictionary<string, Address?>.Empty) { }

        public CurrentClusterState(ImmutableSortedSet<Member> members, ImmutableHashSet<Member> unreachable,
            ImmutableHashSet<Address> seenBy, Address? leader, ImmutableDictionary<string, Address?> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        /// <summary>All members, by address.</summary>
        public ImmutableSortedSet<Member> Members { get; }

        /// <summary>Those that some member does not reach.</summary>
        public ImmutableHashSet<Member> Unreachable { get; }

        /// <summary>Who is known to have the same view.</summary>
        public ImmutableHashSet<Address> SeenBy { get; }

        public Address? Leader { get; }

        public ImmutableHashSet<string> AllRoles => _roleLeaders.Keys.ToImmutableHashSet();

        /// <summary>Is a change of the application's version under way?</summary>
        public bool HasMoreThanOneAppVersion => Members.Select(m => m.AppVersion).Distinct().Count() > 1;

        /// <summary>The first of the members with this role.</summary>
        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);

        public CurrentClusterState Copy(ImmutableSortedSet<Member>? members = null,
            ImmutableHashSet<Member>? unreachable = null, ImmutableHashSet<Address>? seenBy = null,
            Address? leader = null, ImmutableDictionary<string, Address?>? roleLeaderMap = null) =>
            new(members ?? Members, unreachable ?? Unreachable, seenBy ?? SeenBy, leader ?? Leader,
                roleLeaderMap ?? _roleLeaders);
    }
}
