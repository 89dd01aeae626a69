using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Whose regions a new coordinator waits for before it gives any shard a home.</summary>
/// <remarks>One that can't be reached may host shards, and is waited for until it is back or removed.</remarks>
internal sealed class RegistrationWait
{
    private readonly SortedSet<Address> _expected = [];
    private readonly HashSet<Address> _unreachable = [];

    public bool IsOver => _expected.Count == 0;

    public IReadOnlyCollection<Address> Expected => _expected;

    public void Expect(Address member) => _expected.Add(member);

    public void Registered(Address member) => _expected.Remove(member);

    public void Removed(Address member) => _expected.Remove(member);

    public void Unreachable(Address member) => _unreachable.Add(member);

    public void Reachable(Address member) => _unreachable.Remove(member);

    /// <summary>Members that can be reached and have not registered by now have no region.</summary>
    public void TimeIsUp() => _expected.RemoveWhere(m => !_unreachable.Contains(m));
}
