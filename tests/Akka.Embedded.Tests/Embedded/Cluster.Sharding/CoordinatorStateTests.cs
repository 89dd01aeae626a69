using Akka.Cluster.Sharding.Internal;
using static Akka.Cluster.Sharding.Internal.Coordination;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

/// <summary>Who gets a shard and how it moves, case by case. Regions are numbers here.</summary>
public class CoordinatorStateTests
{
    private readonly CoordinatorState<int> _state = new(1);

    private static void Says(IEnumerable<Effect> actual, params Effect[] expected) => Assert.Equal(expected, actual);

    private void Host(int region, params string[] shards) => _state.Registered(region, shards);

    /// <summary>Shard s moves away from region 1, and has stopped there.</summary>
    private IReadOnlyList<Effect> Moved(string shard)
    {
        _state.Rebalance([shard]);
        foreach (var region in _state.Regions.ToArray()) _state.HandOffBegun(region, shard);
        return _state.Stopped(1, shard);
    }

    [Fact]
    public void First_question_for_a_shard_asks_the_strategy()
    {
        Host(1);
        Says(_state.HomeAsked(1, "s"), new AskStrategy<int>("s", 1));
    }

    [Fact]
    public void Choice_of_a_region_makes_it_the_home_and_is_told_to_both()
    {
        Host(1);
        Host(2);
        Says(_state.Allocated(1, "s", 2), new SendHostShard<int>(2, "s"), new SendHome<int>(1, "s", 2));
        Says(_state.HomeAsked(1, "s"), new SendHome<int>(1, "s", 2));
    }

    [Fact]
    public void HostShard_is_repeated_until_the_region_has_answered()
    {
        Host(1);
        _state.Allocated(1, "s", 1);
        Says(_state.HostShardOverdue("s"), new SendHostShard<int>(1, "s"));
        Says(_state.Started(1, "s"), new StopHostTimer("s"));
        Assert.Empty(_state.HostShardOverdue("s"));
    }

    [Fact]
    public void Choice_of_who_is_no_region_is_ignored_and_the_next_question_asks_again()
    {
        Host(1);
        Assert.IsType<Debug>(Assert.Single(_state.Allocated(1, "s", 7)));
        Says(_state.HomeAsked(1, "s"), new AskStrategy<int>("s", 1));
    }

    [Fact]
    public void Choice_of_a_region_that_leaves_is_ignored()
    {
        Host(1);
        Host(2);
        _state.Leaves(2);
        Assert.IsType<Debug>(Assert.Single(_state.Allocated(1, "s", 2)));
        Assert.Equal([1], _state.Allocations.Select(r => r.Region));
    }

    [Fact]
    public void First_choice_that_comes_in_wins()
    {
        Host(1);
        Host(2);
        _state.HomeAsked(1, "s");
        _state.HomeAsked(1, "s"); // The strategy is slow, and is asked twice.
        _state.Allocated(1, "s", 1);
        Says(_state.Allocated(1, "s", 2), new SendHome<int>(1, "s", 1));
    }

    [Fact]
    public void Nothing_is_allocated_before_enough_regions_have_registered()
    {
        var state = new CoordinatorState<int>(2);
        state.Registered(1, []);
        Assert.IsType<Debug>(Assert.Single(state.HomeAsked(1, "s")));
        state.Registered(2, []);
        state.Gone(2); // It was at the start only.
        Says(state.HomeAsked(1, "s"), new AskStrategy<int>("s", 1));
    }

    [Fact]
    public void Coordinator_that_moves_needs_no_full_cluster()
    {
        var state = new CoordinatorState<int>(3);
        state.Registered(1, ["old"]);
        Says(state.HomeAsked(1, "s"), new AskStrategy<int>("s", 1));
    }

    [Fact]
    public void While_it_recovers_it_tells_what_it_knows_and_decides_nothing()
    {
        _state.Recovering = true;
        Host(1, "a");
        Says(_state.HomeAsked(2, "a"), new SendHome<int>(2, "a", 1));
        Assert.IsType<Debug>(Assert.Single(_state.HomeAsked(2, "b")));
        Assert.False(_state.MayRebalance);
    }

    [Fact]
    public void Shard_moves_when_all_have_forgotten_it_and_its_region_has_stopped_it()
    {
        Host(1, "s");
        Host(2);
        _state.ProxyRegistered(9);
        Says(_state.Rebalance(["s"]), new StartMoveTimer("s"), new SendBeginHandOff<int>(1, "s"),
            new SendBeginHandOff<int>(2, "s"), new SendBeginHandOff<int>(9, "s"));
        Assert.Empty(_state.HomeAsked(2, "s"));
        Assert.Empty(_state.HandOffBegun(1, "s"));
        Assert.Empty(_state.HandOffBegun(9, "s"));
        Assert.Empty(_state.HandOffBegun(9, "s"));
        Says(_state.HandOffBegun(2, "s"), new SendHandOff<int>(1, "s"));
        Says(_state.Stopped(1, "s"), new StopMoveTimer("s"), new AskStrategy<int>("s", 1));
        Says(_state.Allocated(1, "s", 2),
            new SendHostShard<int>(2, "s"), new SendHome<int>(2, "s", 2), new SendHome<int>(1, "s", 2));
    }

    [Fact]
    public void Unknown_shards_and_those_that_move_already_are_not_rebalanced()
    {
        Host(1, "s");
        _state.Rebalance(["s"]);
        Assert.Empty(_state.Rebalance(["s", "x"]));
    }

    [Fact]
    public void No_rebalance_while_a_region_has_not_confirmed_a_shard()
    {
        Host(1);
        Assert.False(_state.MayRebalance);
        _state.Allocated(1, "s", 1);
        Assert.False(_state.MayRebalance);
        _state.Started(1, "s");
        Assert.True(_state.MayRebalance);
    }

    [Fact]
    public void Move_that_takes_too_long_leaves_the_shard_where_it_is()
    {
        Host(1, "s");
        Host(2);
        _state.Rebalance(["s"]);
        _state.HomeAsked(2, "s");
        var effects = _state.MoveOverdue("s");
        Assert.Contains(new SendHome<int>(2, "s", 1), effects);
        Assert.Empty(_state.Stopped(1, "s")); // Too late: it starts again there when it is needed.
        Says(_state.HomeAsked(2, "s"), new SendHome<int>(2, "s", 1));
    }

    [Fact]
    public void Region_that_dies_is_not_waited_for_in_a_move()
    {
        Host(1, "s");
        Host(2);
        _state.Rebalance(["s"]);
        _state.HandOffBegun(1, "s");
        Says(_state.Dies(2), new SendHandOff<int>(1, "s"));
    }

    [Fact]
    public void Shards_of_a_region_that_dies_get_no_other_home_before_the_margin_is_over()
    {
        Host(1, "s");
        Host(2);
        Assert.Empty(_state.Dies(1));
        Assert.Empty(_state.HomeAsked(2, "s"));
        Assert.Equal([2], _state.Allocations.Select(r => r.Region));
        Assert.Empty(_state.Gone(1));
        Says(_state.HomeAsked(2, "s"), new AskStrategy<int>("s", 2));
    }

    [Fact]
    public void Shard_whose_region_dies_while_it_moves_is_allocated_after_the_margin()
    {
        Host(1, "s");
        Host(2);
        _state.Rebalance(["s"]);
        _state.HandOffBegun(2, "s");
        Assert.Empty(_state.Dies(1));
        Assert.Empty(_state.HomeAsked(2, "s"));
        Says(_state.Gone(1), new StopMoveTimer("s"), new AskStrategy<int>("s", 1));
    }

    [Fact]
    public void Region_that_leaves_hands_all_over()
    {
        Host(1, "a", "b");
        Host(2);
        Assert.Equal(2, _state.Leaves(1).OfType<StartMoveTimer>().Count());
        Assert.Empty(_state.Leaves(1)); // It asks again, but they move already.
    }

    [Fact]
    public void Last_region_that_leaves_leaves_its_shards_without_home()
    {
        Host(1, "s");
        _state.Leaves(1);
        _state.HandOffBegun(1, "s");
        Assert.DoesNotContain(_state.Stopped(1, "s"), e => e is AskStrategy<int>);
        Assert.Equal(0, _state.HomeOf("s"));
    }

    [Fact]
    public void Region_that_registers_a_shard_too_late_has_to_stop_it()
    {
        Host(1);
        _state.Allocated(1, "s", 1);
        var effects = _state.Registered(2, ["s"]);
        Assert.Contains(new SendHandOff<int>(2, "s"), effects);
        Assert.Equal(1, _state.HomeOf("s"));
    }

    [Fact]
    public void Region_that_was_chosen_after_a_move_may_be_the_old_one()
    {
        Host(1, "s");
        Assert.Contains(new AskStrategy<int>("s", 1), Moved("s"));
        Assert.Contains(new SendHostShard<int>(1, "s"), _state.Allocated(1, "s", 1));
    }
}
