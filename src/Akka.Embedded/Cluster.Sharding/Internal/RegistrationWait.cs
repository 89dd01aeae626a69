using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Whose shards a new coordinator has to know, or to be sure of their end, before it gives any shard a home.</summary>
/// <remarks>A member that can't be reached may host shards, and is waited for until it is back or out. One that is downed may host
/// them until the removal margin is over; nobody will tell which.</remarks>
internal sealed class RegistrationWait
{
    private readonly SortedSet<Address> _expected = [];
    private readonly HashSet<Address> _unreachable = [];
    private readonly HashSet<UniqueAddress> _lingering = [];

    public bool IsOver => _expected.Count == 0 && _lingering.Count == 0;

    public IReadOnlyCollection<Address> Expected => _expected;

    public void Expect(Address member) => _expected.Add(member);

    public void Registered(Address member) => _expected.Remove(member);

    /// <summary>The member has left in good order: its shards have moved before.</summary>
    public void Left(Address member) => _expected.Remove(member);

    /// <summary>The member is downed, or was removed as such.</summary>
    public void Downed(UniqueAddress member)
    {
        _expected.Remove(member.Address);
        _lingering.Add(member);
    }

    public void MarginOver(UniqueAddress member) => _lingering.Remove(member);

    public void Unreachable(Address member) => _unreachable.Add(member);

    public void Reachable(Address member) => _unreachable.Remove(member);

    /// <summary>Members that can be reached and have not registered by now have no region.</summary>
    public void TimeIsUp() => _expected.RemoveWhere(m => !_unreachable.Contains(m));
}
