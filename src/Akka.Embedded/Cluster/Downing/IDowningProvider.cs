using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Decides which members are given up. The class is named by <c>akka.cluster.downing-provider-class</c>, and has
/// a constructor that takes the system and its cluster.</summary>
public interface IDowningProvider
{
    /// <summary>How long after a member's removal others wait before they take over what it had.</summary>
    TimeSpan DownRemovalMargin { get; }

    /// <summary>The actor that decides, started with the cluster; null for none.</summary>
    Props? DowningActorProps { get; }
}

/// <summary>Nobody is given up but by hand.</summary>
public sealed class NoDowning : IDowningProvider
{
    private readonly ActorSystem _system;

    public NoDowning(ActorSystem system, Cluster cluster)
    {
        _ = cluster;
        _system = system;
    }

    public TimeSpan DownRemovalMargin => ClusterSettings.DownRemovalMargin(_system.Settings.Config) ?? TimeSpan.Zero;
    public Props? DowningActorProps => null;
}
