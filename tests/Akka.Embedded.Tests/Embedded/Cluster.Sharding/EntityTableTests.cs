using Akka.Cluster.Sharding.Internal;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

public class EntityTableTests
{
    private readonly EntityTable<int, string> _table = new(2);

    [Fact]
    public void First_message_starts_the_entity()
    {
        Assert.Equal(Route.StartAndSend, _table.Deliver("e", "a", out _));
        _table.Started("e", 1);
        Assert.Equal(Route.Send, _table.Deliver("e", "a", out var to));
        Assert.Equal(1, to);
    }

    [Fact]
    public void Messages_for_one_that_is_being_stopped_wait_for_its_next_incarnation()
    {
        _table.Started("e", 1);
        Assert.True(_table.Passivate(1));
        Assert.False(_table.Passivate(1));
        Assert.Equal(Route.Kept, _table.Deliver("e", "a", out _));
        Assert.Equal(Route.Kept, _table.Deliver("e", "b", out _));
        Assert.Equal(Route.Full, _table.Deliver("e", "c", out _));
        Assert.True(_table.Gone(1, out var id, out var waiting));
        Assert.Equal("e", id);
        Assert.Equal(["a", "b"], waiting);
        Assert.False(_table.Runs("e"));
    }

    [Fact]
    public void Who_is_no_entity_is_not_passivated() => Assert.False(_table.Passivate(5));

    [Fact]
    public void Idle_are_those_without_message_for_two_halves_of_the_time()
    {
        _table.Started("b", 1);
        _table.Started("a", 2);
        _table.Started("c", 3);
        Assert.Empty(_table.Tick());
        _table.Deliver("c", "m", out _);
        Assert.Empty(_table.Tick());
        Assert.Equal([2, 1], _table.Tick().AsEnumerable());
        _table.Passivate(2);
        Assert.Equal([1, 3], _table.Tick().AsEnumerable());
    }
}
