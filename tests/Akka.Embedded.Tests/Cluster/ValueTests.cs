using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Util;

namespace Akka.Embedded.Tests.Cluster;

public sealed class ValueTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.4")]
    [InlineData("1.9", "1.10")]
    [InlineData("1.2-RC1", "1.2")]
    [InlineData("1.2-M1", "1.2-RC1")]
    [InlineData("1.2", "2")]
    public void Versions_order_as_versions_do(string lower, string higher)
    {
        Assert.True(AppVersion.Create(lower).CompareTo(AppVersion.Create(higher)) < 0);
        Assert.True(AppVersion.Create(higher).CompareTo(AppVersion.Create(lower)) > 0);
        Assert.NotEqual(AppVersion.Create(lower), AppVersion.Create(higher));
    }

    [Fact]
    public void Versions_are_equal_by_value()
    {
        Assert.Equal(AppVersion.Create("1.2.0"), AppVersion.Create("1.2.0"));
        Assert.True(AppVersion.Create("0.0.0") == AppVersion.Zero);
        Assert.Equal("1.2.0-x", AppVersion.Create("1.2.0-x").ToString());
    }

    [Fact]
    public void Addresses_order_by_host_and_port()
    {
        Address[] addresses = [At("b", 1), At("a", 10), At("a", 2)];
        Assert.Equal([At("a", 2), At("a", 10), At("b", 1)], addresses.Order(Member.AddressOrdering));
    }

    [Fact]
    public void Incarnations_at_one_address_differ()
    {
        Assert.NotEqual(new UniqueAddress(At("a", 1), 1), new UniqueAddress(At("a", 1), 2));
        Assert.True(new UniqueAddress(At("a", 1), 1) == new UniqueAddress(At("a", 1), 1));
    }

    [Fact]
    public void Vector_clocks_tell_what_came_first()
    {
        var (a, b) = (VectorClock.Node.Create("a"), VectorClock.Node.Create("b"));
        var start = VectorClock.Create().Increment(a);
        var later = start.Increment(a);
        var other = start.Increment(b);
        Assert.True(start.IsBefore(later));
        Assert.True(later > start);
        Assert.True(later.IsConcurrentWith(other));
        Assert.Equal(VectorClock.Ordering.After, later.Merge(other).CompareTo(other));
        Assert.True(later.Merge(other) == other.Merge(later));
        Assert.True(other.Prune(b) == start);
        Assert.True(VectorClock.Create(ImmutableSortedDictionary<VectorClock.Node, long>.Empty).IsSameAs(VectorClock.Create()));
    }

    private static Address At(string host, int port) => new("akka.tcp", "c", host, port);
}
