using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Cluster.Sharding;

/// <summary>Sharding on a cluster of one node: entities' lives, buffers, and what the strategy may answer.</summary>
public class RegionTests : ShardingTest
{
    private async Task<Node> One(string hocon = "") => (await Form(1, Hocon + "\n" + hocon))[0];

    [Fact]
    public async Task Actors_have_the_documented_paths()
    {
        var node = await One();
        var region = StartRegion(node, extractor: new ShardInId());
        await Ask(region, "s 1:a/b");
        Assert.Equal("/system/sharding/counter", region.Path.ToStringWithoutAddress());
        foreach (var path in new[] { "counterCoordinator/singleton/coordinator", "counter/s%201/s%201%3Aa%2Fb" })
            Assert.NotNull(await node.System.ActorSelection("/system/sharding/" + path).ResolveOne(Patience));
    }

    [Fact]
    public async Task Messages_keep_their_order_while_the_shard_has_no_home_yet()
    {
        var node = await One();
        var region = StartRegion(node);
        for (var i = 0; i < 1000; i++) region.Tell(new ShardingEnvelope("e", i));
        await Until(() => Seen.Count == 1000);
        Assert.Equal(Enumerable.Range(0, 1000).Cast<object>(), Seen);
    }

    [Fact]
    public async Task Messages_beyond_the_buffer_are_dead_letters()
    {
        var node = Start(Hocon); // It is no member, so there is no coordinator.
        var (_, dead) = DeadLettersOf(node);
        var region = StartRegion(node, change: s => s.WithTuningParameters(s.TuningParameters.WithBufferSize(2)));
        for (var i = 0; i < 4; i++) region.Tell(new ShardingEnvelope("e", i));
        await Until(() => dead.OfType<DeadLetter>().Count(d => d.Message is ShardingEnvelope) == 2);
        Assert.Equal([2, 3], dead.OfType<DeadLetter>().Select(d => d.Message).OfType<ShardingEnvelope>().Select(e => e.Message));
        await node.JoinAsync(node.SelfAddress).WaitAsync(Patience);
        await Until(() => Seen.Count == 2);
        Assert.Equal([0, 1], Seen);
    }

    [Fact]
    public async Task Messages_that_are_for_no_entity_are_unhandled()
    {
        var node = await One();
        var (listener, seen) = Listen(node);
        node.System.EventStream.Subscribe(listener, typeof(UnhandledMessage));
        StartRegion(node).Tell("no envelope");
        await Until(() => seen.OfType<UnhandledMessage>().Any(u => u.Message is "no envelope"));
    }

    [Fact]
    public async Task Entity_that_passivates_loses_no_message()
    {
        var node = await One();
        var region = StartRegion(node);
        for (var i = 0; i < 20; i++)
        {
            region.Tell(new ShardingEnvelope("e", i));
            region.Tell(new ShardingEnvelope("e", "passivate"));
        }
        await Until(() => Seen.Count == 20);
        Assert.Equal(Enumerable.Range(0, 20).Cast<object>(), Seen);
        NeverTwo();
    }

    [Fact]
    public async Task Entity_without_messages_is_stopped()
    {
        var node = await One();
        var region = StartRegion(node, change: s => s.WithPassivateIdleAfter(TimeSpan.FromMilliseconds(200)));
        await Ask(region, "e");
        await Until(() => Running["e"].Now == 0);
        Assert.StartsWith("e 2 at", await Ask(region, "e"));
    }

    [Fact]
    public async Task Entity_is_started_without_a_message()
    {
        var node = await One();
        StartRegion(node).Tell(new ShardRegion.StartEntity("e"));
        await Until(() => Running.TryGetValue("e", out var r) && r.Now == 1);
    }

    [Fact]
    public async Task Entity_whose_recipe_fails_spoils_nothing_else()
    {
        var node = await One();
        var sharding = ClusterSharding.Get(node.System);
        var region = await sharding.StartAsync("picky",
            id => id == "bad" ? throw new InvalidOperationException("bad") : Entity(node, id),
            sharding.Settings, new ShardInId());
        await Ask(region, "s:good");
        region.Tell(new ShardingEnvelope("bad", "m"));
        Assert.Equal($"s:good 1 at {node.SelfAddress}", await Ask(region, "s:good"));
    }

    [Fact]
    public async Task Region_that_is_told_to_shut_down_stops_its_entities_and_itself()
    {
        var node = await One();
        var region = StartRegion(node);
        await Ask(region, "e");
        var stopped = region.WatchAsync();
        region.Tell(GracefulShutdown.Instance);
        Assert.True(await stopped.WaitAsync(Patience));
        Assert.Equal(0, Running["e"].Now);
    }

    [Fact]
    public async Task Functions_say_the_same_as_an_extractor()
    {
        var node = await One();
        var sharding = ClusterSharding.Get(node.System);
        var region = sharding.Start("functions", id => Entity(node, id), sharding.Settings,
            message => message is ShardingEnvelope e ? (e.EntityId, e.Message) : Akka.Util.Option<(string, object)>.None,
            message => message is ShardRegion.StartEntity s ? s.EntityId : ((ShardingEnvelope)message).EntityId);
        Assert.StartsWith("e 1 at", await Ask(region, "e"));
        region.Tell(new ShardRegion.StartEntity("f"));
        await Until(() => Running.ContainsKey("f"));
    }

    /// <summary>Gives one answer after another; when there are no more, the first region.</summary>
    private sealed class Scripted(params Func<IActorRef, Task<IActorRef>>[] answers) : IShardAllocationStrategy
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
            IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
        {
            var region = currentShardAllocations.Keys.First();
            var call = Interlocked.Increment(ref _calls);
            return call <= answers.Length ? answers[call - 1](region) : Task.FromResult(region);
        }

        public Task<IImmutableSet<string>> Rebalance(
            IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
            IImmutableSet<string> rebalanceInProgress) =>
            throw new InvalidOperationException("A strategy that fails");
    }

    private async Task RetriedAfter(Func<IActorRef, Task<IActorRef>> answer)
    {
        var strategy = new Scripted(answer);
        var region = StartRegion(await One(), strategy);
        Assert.StartsWith("e 1 at", await region.Ask<string>(new ShardingEnvelope("e", "m"), Patience)); // Kept, not lost.
        Assert.Equal(2, strategy.Calls);
    }

    [Fact]
    public Task Strategy_whose_task_fails_is_asked_again() =>
        RetriedAfter(_ => Task.FromException<IActorRef>(new InvalidOperationException("not yet")));

    [Fact]
    public Task Strategy_that_throws_is_asked_again() => RetriedAfter(_ => throw new InvalidOperationException("not yet"));

    [Fact]
    public Task Strategy_without_task_is_asked_again() => RetriedAfter(_ => null!);

    [Fact]
    public Task Strategy_that_names_nobody_is_asked_again() => RetriedAfter(_ => Task.FromResult<IActorRef>(null!));

    [Fact]
    public Task Strategy_that_names_nobody_later_is_asked_again() => RetriedAfter(async _ =>
    {
        await Task.Yield();
        return null!;
    });

    [Fact]
    public Task Strategy_that_names_who_is_no_region_is_asked_again() =>
        RetriedAfter(region => Task.FromResult<IActorRef>(ActorRefs.Nobody));

    [Fact]
    public async Task Slow_strategy_is_asked_again_meanwhile_and_the_first_answer_wins()
    {
        var slow = new TaskCompletionSource<IActorRef>();
        var strategy = new Scripted(_ => slow.Task);
        var region = StartRegion(await One(), strategy);
        Assert.StartsWith("e 1 at", await region.Ask<string>(new ShardingEnvelope("e", "m"), Patience));
        slow.SetResult(ActorRefs.Nobody); // Too late to matter.
        Assert.StartsWith("e 1 at", await Ask(region, "e"));
    }
}
