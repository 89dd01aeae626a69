using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Util;
using static Akka.Cluster.Sharding.Internal.Protocol;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What a region can be asked.</summary>
internal sealed partial class RegionActor
{
    private void OnQuery(IShardRegionQuery query)
    {
        switch (query)
        {
            case GetShardRegionState: AskShards(StateOf); break;
            case GetShardRegionStats: AskShards(StatsOf); break;
            case GetEntityLocation location: Locate(location); break;
            default:
                if (_coordinator is not null) _coordinator.Forward(query);
                else _log.Warning("Region [{0}] can't answer [{1}]: it has no coordinator", _recipe.TypeName, query);
                break;
        }
    }

    private void AskShards(Func<IReadOnlyDictionary<string, ShardState>, ImmutableArray<string>, object> answer) =>
        Context.ActorOf(Gather<string, ShardState>.Props(_state.Actors, new GetCurrentShardState(),
            _recipe.Settings.ShardRegionQueryTimeout, Sender, answer).WithDispatcher(Context.Props.Dispatcher));

    private static object StateOf(IReadOnlyDictionary<string, ShardState> shards, ImmutableArray<string> failed) =>
        new CurrentShardRegionState([.. shards.Values], [.. failed]);

    private static object StatsOf(IReadOnlyDictionary<string, ShardState> shards, ImmutableArray<string> failed) =>
        new ShardRegionStats(shards.ToImmutableDictionary(s => s.Key, s => s.Value.EntityIds.Count), [.. failed]);

    private void Locate(GetEntityLocation query)
    {
        var shard = _recipe.Extractor.ShardId(query.EntityId, new ShardRegion.StartEntity(query.EntityId));
        if (_state.HomeOf(shard) is not { } region)
        {
            Sender.Tell(new EntityLocation(query.EntityId, shard, null, Option<IActorRef>.None));
            return;
        }
        var address = region.Path.Address.HasLocalScope ? _cluster.SelfAddress : region.Path.Address;
        var entity = region.Path / Uri.EscapeDataString(shard) / Uri.EscapeDataString(query.EntityId);
        Context.ActorOf(Locator.Props(entity, query.Timeout, Sender, found =>
            new EntityLocation(query.EntityId, shard, address, new Option<IActorRef>(found!)))
            .WithDispatcher(Context.Props.Dispatcher));
    }

    /// <summary>Looks whether somebody is at a path.</summary>
    private sealed class Locator(ActorPath path, TimeSpan timeout, IActorRef asker, Func<IActorRef?, object> answer)
        : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        public static Props Props(ActorPath path, TimeSpan timeout, IActorRef asker, Func<IActorRef?, object> answer) =>
            Akka.Actor.Props.Create(() => new Locator(path, timeout, asker, answer));

        protected override void PreStart()
        {
            Timers.StartSingleTimer(nameof(timeout), ReceiveTimeout.Instance, timeout);
            Context.ActorSelection(path).Tell(new Identify(path.Name));
        }

        protected override void OnReceive(object message)
        {
            if (message is not (ActorIdentity or ReceiveTimeout)) return;
            asker.Tell(answer((message as ActorIdentity)?.Subject), Context.Parent);
            Context.Stop(Self);
        }
    }
}
