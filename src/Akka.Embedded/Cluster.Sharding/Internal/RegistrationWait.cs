using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Whose shards a new coordinator has to know before it gives any shard a home.</summary>
/// <remarks>A member that can't be reached may host shards, and is waited for until it is back or removed. One that is downed
/// is not heard any more, and is waited for until it is removed, whether it can be reached or not.</remarks>
internal sealed class RegistrationWait
{
    private readonly SortedSet<Address> _expected = [];
    private readonly HashSet<Address> _unreachable = [];
    private readonly HashSet<Address> _downed = [];

    public bool IsOver => _expected.Count == 0;

    public IReadOnlyCollection<Address> Expected => _expected;

    public void Expect(Address member) => _expected.Add(member);

    public void Registered(Address member) => _expected.Remove(member);

    public void Downed(Address member)
    {
        _expected.Add(member);
        _downed.Add(member);
    }

    public void Removed(Address member)
    {
        _expected.Remove(member);
        _downed.Remove(member);
    }

    public void Unreachable(Address member) => _unreachable.Add(member);

    public void Reachable(Address member) => _unreachable.Remove(member);

    /// <summary>Members that can be reached and have not registered by now have no region.</summary>
    public void TimeIsUp() => _expected.RemoveWhere(m => !_unreachable.Contains(m) && !_downed.Contains(m));
}
