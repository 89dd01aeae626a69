using System.Globalization;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas.Fetching;

/// <summary>
/// <c>/user/broker/fetchers</c>: has a <see cref="ReplicaFetcher"/> for each broker that replicas here follow, and tells it where
/// that broker is. Hears each new <see cref="MetadataImage"/>, and from replicas whom they follow.
/// </summary>
internal sealed class ReplicaFetchers : ReceiveActor
{
    private readonly FetcherHome _home;
    private readonly Dictionary<BrokerId, (IActorRef Fetcher, int Partitions)> _fetchers = [];
    private readonly Dictionary<ReplicaId, BrokerId> _sources = [];
    private MetadataImage _image = MetadataImage.Empty;
    private long _started;

    /// <summary>Copy a partition from its leader from now on; in place of what was said of it before. From the replica.</summary>
    public sealed record Follow(
        ReplicaId Id, TopicPartition Partition, BrokerId Leader, FollowedPartition From, IActorRef Replica);

    /// <summary>The replica follows nobody. Harmless if it did not.</summary>
    public sealed record Unfollow(ReplicaId Id);

    /// <summary>Whether the replica is slowed down from now on.</summary>
    public sealed record Throttle(ReplicaId Id, bool IsThrottled);

    public static Props Props(FetcherHome home) => Akka.Actor.Props.Create(() => new ReplicaFetchers(home));

    public ReplicaFetchers(FetcherHome home)
    {
        _home = home;
        Receive<Follow>(follow =>
        {
            var id = follow.Id;
            if (_sources.TryGetValue(id, out var before) && before != follow.Leader) Leave(id);
            var (fetcher, partitions) = _fetchers.TryGetValue(follow.Leader, out var known) ? known : Start(follow.Leader);
            if (_sources.TryAdd(id, follow.Leader)) partitions++;
            _fetchers[follow.Leader] = (fetcher, partitions);
            fetcher.Tell(follow);
        });
        Receive<Unfollow>(unfollow => Leave(unfollow.Id));
        Receive<Throttle>(throttle =>
        {
            if (_sources.TryGetValue(throttle.Id, out var source)) _fetchers[source].Fetcher.Tell(throttle);
        });
        Receive<MetadataImage>(image =>
        {
            _image = image;
            _home.Quotas?.Follow(image);
            foreach (var (source, (fetcher, _)) in _fetchers) fetcher.Tell(AddressOf(source));
        });
        Receive<Terminated>(terminated => throw new InvalidOperationException($"{terminated.ActorRef.Path.Name} has failed."));
    }

    /// <summary>A fetcher has what replicas told it in mind; none of them would tell it again. See the guardian.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    private (IActorRef Fetcher, int Partitions) Start(BrokerId source)
    {
        // Numbered, because one that stops may still be there when the next one comes.
        var name = string.Create(CultureInfo.InvariantCulture, $"from-{source}-{++_started}");
        var fetcher = Context.Watch(Context.ActorOf(ReplicaFetcher.Props(_home, source), name));
        fetcher.Tell(AddressOf(source));
        return (fetcher, 0);
    }

    private void Leave(ReplicaId id)
    {
        if (!_sources.Remove(id, out var source)) return;
        var (fetcher, partitions) = _fetchers[source];
        if (partitions > 1)
        {
            _fetchers[source] = (fetcher, partitions - 1);
            fetcher.Tell(new Unfollow(id));
            return;
        }
        // Also what is on its way ends so: a broker that is gone would hold it for long.
        _fetchers.Remove(source);
        Context.Stop(Context.Unwatch(fetcher));
    }

    private ReplicaFetcher.Source AddressOf(BrokerId source) => new(
        _image.Brokers.GetValueOrDefault(source)?.EndpointFor(_home.Options.Listener),
        _image.Brokers.GetValueOrDefault(_home.Broker)?.Epoch ?? -1);
}

/// <summary>What all fetchers of a broker share.</summary>
internal sealed record FetcherHome(
    BrokerId Broker, FetchOptions Options, IFetchSources Sources, TimeProvider Time, ILogger Log)
{
    /// <summary>Null: nothing is throttled.</summary>
    public ReplicationQuotas? Quotas { get; init; }
}
