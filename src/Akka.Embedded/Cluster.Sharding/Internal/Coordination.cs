namespace Akka.Cluster.Sharding.Internal;

/// <summary>What <see cref="CoordinatorState{TRegion}"/> asks for.</summary>
internal static class Coordination
{
    public abstract record Effect;

    /// <summary>Answered by Allocated or AllocationFailed.</summary>
    public sealed record AskStrategy<TRegion>(string Shard, TRegion Asker) : Effect;

    public sealed record SendHome<TRegion>(TRegion To, string Shard, TRegion Home) : Effect;

    /// <summary>To be repeated, by HostShardOverdue, until the timer is stopped.</summary>
    public sealed record SendHostShard<TRegion>(TRegion To, string Shard) : Effect;

    public sealed record StopHostTimer(string Shard) : Effect;

    /// <summary>MoveOverdue comes when a hand-over takes too long.</summary>
    public sealed record StartMoveTimer(string Shard) : Effect;

    public sealed record StopMoveTimer(string Shard) : Effect;

    public sealed record SendBeginHandOff<TRegion>(TRegion To, string Shard) : Effect;

    public sealed record SendHandOff<TRegion>(TRegion To, string Shard) : Effect;

    public sealed record Warn(string Text) : Effect;

    public sealed record Debug(string Text) : Effect;
}
