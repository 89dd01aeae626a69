namespace Akka.Cluster.Sharding;

/// <summary>What a shard region is told to do.</summary>
public interface IShardRegionCommand;

/// <summary>
/// An entity tells this to its parent to be stopped without losing messages: it gets <paramref name="stopMessage"/> and should
/// stop itself then; messages that come meanwhile are kept and given to its next incarnation.
/// </summary>
public sealed class Passivate(object stopMessage) : IShardRegionCommand
{
    public object StopMessage { get; } = stopMessage;

    public override string ToString() => $"Passivate({StopMessage})";
}

/// <summary>Tells a region to hand over its shards and to stop; a node's coordinated shutdown does it.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown() { }

    public override string ToString() => nameof(GracefulShutdown);
}
