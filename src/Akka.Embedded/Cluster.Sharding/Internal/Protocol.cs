using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>What regions, their shards and the coordinator say to each other.</summary>
internal static class Protocol
{
    public interface IMessage : IClusterShardingSerializable;

    /// <summary>About one shard: who is told nothing about it has to ask again, so such a message may be lost quietly.</summary>
    public interface IShardMessage : IMessage, IDeadLetterSuppression
    {
        string Shard { get; }
    }

    /// <summary>"I host these shards": a coordinator knows nothing that regions have not told it.</summary>
    public sealed record Register(IActorRef Region, ImmutableArray<string> Shards) : IMessage, IDeadLetterSuppression;

    public sealed record RegisterProxy(IActorRef Proxy) : IMessage, IDeadLetterSuppression;

    public sealed record RegisterAck(IActorRef Coordinator) : IMessage, IDeadLetterSuppression;

    public sealed record GetShardHome(string Shard) : IShardMessage;

    public sealed record ShardHome(string Shard, IActorRef Region) : IShardMessage;

    public sealed record HostShard(string Shard) : IShardMessage;

    public sealed record ShardStarted(string Shard) : IShardMessage;

    /// <summary>"The shard is going to move: forget where it is, and keep messages for it."</summary>
    public sealed record BeginHandOff(string Shard) : IShardMessage;

    public sealed record BeginHandOffAck(string Shard) : IShardMessage;

    /// <summary>"All have stopped sending to the shard: stop it."</summary>
    public sealed record HandOff(string Shard) : IShardMessage;

    public sealed record ShardStopped(string Shard) : IShardMessage;

    /// <summary>"Move my shards elsewhere: I am going to stop."</summary>
    public sealed record GracefulShutdownReq(IActorRef Region) : IMessage, IDeadLetterSuppression;

    /// <summary>"I have no shards and stop now."</summary>
    public sealed record RegionStopped(IActorRef Region) : IMessage, IDeadLetterSuppression;

    public sealed record StartEntityAck(string EntityId, string ShardId) : IMessage, IDeadLetterSuppression;

    /// <summary>Asks a shard, within its node, for its <see cref="ShardState"/>.</summary>
    public sealed record GetCurrentShardState : INoSerializationVerificationNeeded;
}
