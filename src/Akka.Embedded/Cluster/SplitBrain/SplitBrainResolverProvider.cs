using Akka.Actor;

namespace Akka.Cluster.SBR;

/// <summary>Downs the members on the losing side of a split, by the strategy that
/// <c>akka.cluster.split-brain-resolver.active-strategy</c> names.</summary>
public class SplitBrainResolverProvider : IDowningProvider
{
    private readonly Cluster _cluster;
    private readonly SplitBrainResolverSettings _settings;

    public SplitBrainResolverProvider(ActorSystem system, Cluster cluster)
    {
        _cluster = cluster;
        _settings = new SplitBrainResolverSettings(system.Settings.Config);
        DownRemovalMargin = ClusterSettings.DownRemovalMargin(system.Settings.Config) ?? _settings.DowningStableAfter;
    }

    public TimeSpan DownRemovalMargin { get; }
    public Props? DowningActorProps => SplitBrainResolverActor.Props(_cluster, _settings);
}
