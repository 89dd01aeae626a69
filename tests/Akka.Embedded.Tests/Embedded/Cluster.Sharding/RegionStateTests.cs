using Akka.Cluster.Sharding.Internal;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

/// <summary>What a region does with messages and orders. Regions are 1 (itself) and others, actors are negative.</summary>
public class RegionStateTests
{
    private readonly RegionState<int, string> _state = new(1, isProxy: false, bufferSize: 3);

    private void Host(string shard, int actor)
    {
        Assert.True(_state.HomeIs(shard, 1));
        _state.Started(shard, actor);
    }

    [Fact]
    public void Messages_wait_for_the_home_and_go_there_in_order()
    {
        Assert.Equal(Route.KeptFirst, _state.Deliver("s", "a", out _));
        Assert.Equal(Route.Kept, _state.Deliver("s", "b", out _));
        Assert.Equal(["s"], _state.Wanted.AsEnumerable());
        Assert.False(_state.HomeIs("s", 2));
        Assert.Equal(["a", "b"], _state.Release("s", out var to));
        Assert.Equal(2, to);
        Assert.Equal(Route.Send, _state.Deliver("s", "c", out to));
        Assert.Equal(2, to);
        Assert.Empty(_state.Wanted);
    }

    [Fact]
    public void What_the_last_coordinator_said_is_used_and_asked_for_again()
    {
        foreach (var (shard, home) in new[] { ("a", 2), ("b", 2), ("c", 3), ("d", 2) }) _state.HomeIs(shard, home);
        Host("e", -1);
        _state.HasNewCoordinator();
        Assert.Equal(Route.Send, _state.Deliver("a", "m", out var to));
        Assert.Equal(2, to);
        Assert.Equal(["a", "b", "c", "d"], _state.Wanted.AsEnumerable());
        _state.HomeIs("a", 2);
        _state.BeginHandOff("b");
        _state.RegionGone(3);
        Assert.Equal(["d"], _state.Wanted.AsEnumerable());
    }

    [Fact]
    public void Buffer_is_bounded_over_all_shards()
    {
        foreach (var shard in new[] { "a", "b", "c" }) _state.Deliver(shard, "m", out _);
        Assert.Equal(Route.Full, _state.Deliver("a", "m", out _));
        _state.HomeIs("a", 2);
        _ = _state.Release("a", out _);
        Assert.Equal(Route.KeptFirst, _state.Deliver("d", "m", out _));
    }

    [Fact]
    public void Shard_that_lives_here_is_started()
    {
        _state.Deliver("s", "a", out _);
        Host("s", -1);
        Assert.Equal(["a"], _state.Release("s", out var to));
        Assert.Equal(-1, to);
        Assert.Equal(["s"], _state.Hosted.AsEnumerable());
    }

    [Fact]
    public void Proxy_hosts_nothing()
    {
        var proxy = new RegionState<int, string>(1, isProxy: true, bufferSize: 3);
        Assert.False(proxy.HomeIs("s", 1));
        Assert.Empty(proxy.Hosted);
    }

    [Fact]
    public void Region_that_leaves_takes_no_shard()
    {
        _state.Leaving = true;
        Assert.False(_state.HomeIs("s", 1));
        Assert.True(_state.IsEmpty);
    }

    [Fact]
    public void What_reached_the_old_home_while_the_shard_was_going_to_move_is_given_back()
    {
        Host("s", -1);
        _state.BeginHandOff("s");
        Assert.Equal(Route.KeptFirst, _state.Deliver("s", "a", out _));
        Assert.True(_state.HandOff("s", out var actor, out var dropped));
        Assert.Equal(-1, actor);
        Assert.Equal(["a"], dropped);
        Assert.Equal(0, _state.Waiting);
    }

    [Fact]
    public void Shard_that_is_not_here_has_stopped() => Assert.False(_state.HandOff("s", out _, out _));

    [Fact]
    public void Shard_that_comes_back_before_it_has_stopped_is_started_again()
    {
        Host("s", -1);
        _state.HandOff("s", out _, out _);
        Assert.False(_state.HomeIs("s", 1));
        Assert.Equal(Route.KeptFirst, _state.Deliver("s", "a", out _));
        Assert.Empty(_state.Release("s", out _));
        Assert.True(_state.ActorGone("s"));
        _state.Started("s", -2);
        Assert.Equal(["a"], _state.Release("s", out var to));
        Assert.Equal(-2, to);
    }

    [Fact]
    public void Shard_that_has_failed_is_started_by_the_next_message()
    {
        Host("s", -1);
        Assert.False(_state.ActorGone("s"));
        Assert.Equal(["s"], _state.Hosted.AsEnumerable());
        Assert.Equal(Route.StartAndSend, _state.Deliver("s", "a", out _));
    }

    [Fact]
    public void Shards_that_stop_for_a_coordinator_that_is_gone_are_told_to_the_next()
    {
        Host("s", -1);
        _state.HandOff("s", out _, out _);
        Assert.Equal(["s"], _state.Hosted.AsEnumerable());
    }

    [Fact]
    public void Homes_are_forgotten_with_their_region()
    {
        _state.HomeIs("s", 2);
        _state.RegionGone(2);
        Assert.Equal(Route.KeptFirst, _state.Deliver("s", "a", out _));
    }
}
