using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Sharding.Internal;

namespace Akka.Embedded.Tests.Embedded.Cluster.Sharding;

/// <summary>The strategies that even out the number of shards.</summary>
public class LeastShardsTests : SystemTest
{
    private readonly ImmutableHashSet<string> _none = [];

    private IImmutableDictionary<IActorRef, IImmutableList<string>> Regions(params string[][] shards) =>
        shards.Select((each, i) => (Region: Sys.ActorOf(Props.Empty, $"region{i}"), Shards: (IImmutableList<string>)[.. each]))
            .ToImmutableDictionary(r => r.Region, r => r.Shards);

    [Fact]
    public async Task New_shard_goes_to_the_region_with_the_fewest_and_among_equals_to_the_first_path()
    {
        var strategy = new LeastShardAllocationStrategy(1, 3);
        Assert.Equal("region1", (await strategy.AllocateShard(null!, "s", Regions(["a"], [], []))).Path.Name);
    }

    [Fact]
    public void Shards_move_only_when_the_difference_is_over_the_threshold()
    {
        Assert.Empty(LeastShards.OverThreshold(Regions(["a", "b"], ["c"]), _none, 1, 3));
    }

    [Fact]
    public void Shards_in_order_of_their_ids_move_from_the_fullest()
    {
        var moving = LeastShards.OverThreshold(Regions(["d", "b", "c", "a", "e"], []), _none, 1, 3);
        Assert.Equal(["a", "b", "c"], moving.Order());
    }

    [Fact]
    public void No_more_move_than_may_at_a_time()
    {
        var regions = Regions(["a", "b", "c", "d", "e", "f"], []);
        Assert.Equal(["c"], LeastShards.OverThreshold(regions, ImmutableHashSet.Create("a", "b"), 1, 3));
        Assert.Empty(LeastShards.OverThreshold(regions, ImmutableHashSet.Create("a", "b", "c"), 1, 3));
    }

    [Fact]
    public void What_is_above_the_even_share_moves_within_the_limits()
    {
        var regions = Regions(["a", "b", "c", "d", "e", "f"], [], []);
        Assert.Equal(["a", "b", "c", "d"], LeastShards.ToEvenShare(regions, _none, 10, 1.0).Order());
        Assert.Equal(["a", "b"], LeastShards.ToEvenShare(regions, _none, 2, 1.0).Order());
    }

    [Fact]
    public void At_least_one_moves_and_none_while_others_do()
    {
        var regions = Regions(["a", "b", "c", "d"], []);
        Assert.Single(LeastShards.ToEvenShare(regions, _none, 10, 0.01));
        Assert.Empty(LeastShards.ToEvenShare(regions, ImmutableHashSet.Create("x"), 10, 1.0));
    }

    [Fact]
    public void Region_that_lacks_two_gets_one_of_a_full_one()
    {
        var moving = LeastShards.ToEvenShare(Regions(["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"], ["j"]), _none, 10, 1.0);
        Assert.Equal(["a"], moving);
    }

    [Fact]
    public void Even_regions_stay_as_they_are() =>
        Assert.Empty(LeastShards.ToEvenShare(Regions(["a", "b"], ["c"]), _none, 10, 1.0));
}
