using System.Collections.Immutable;
using ActorBroker.Core;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Regions;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Metadata;

/// <summary>
/// <c>/user/broker/metadata</c>: carries out what the controller decided. For each image it first has this broker's
/// replicas do what the image
/// says, then publishes it: a client never hears of a partition that this broker can't serve yet. Only who leads is shown at
/// once, as Kafka does: a client that hears of the old leader again, after another broker has told it of the new one, may go astray
/// (librdkafka 2.0 to 2.15 may then stay with the old one until there is yet another leader).
/// </summary>
/// <remarks>While replicas are at it, later changes collect, and are then carried out at once.</remarks>
internal sealed class MetadataActor : ReceiveActor
{
    private readonly MetadataParts _parts;
    private readonly List<IActorRef> _subscribers = [];
    private readonly HashSet<ReplicaId> _awaited = [];
    private ImmutableArray<Replica.Assign> _toAssign = [];
    private MetadataImage _newest = MetadataImage.Empty;
    private MetadataImage _carriedOut = MetadataImage.Empty;
    private ReplicaPlan _plan = ReplicaPlan.Empty;
    private bool _hasLooked;

    /// <summary>The controller knows that this broker is back. Before, it leads nothing: its last term is over.</summary>
    private bool _isRegistered;

    /// <summary>The newest image that this broker knows.</summary>
    public sealed record Newest(MetadataImage Image);

    /// <summary>The subscriber hears each image after it was published, the current one at once.</summary>
    public sealed record Subscribe(IActorRef Subscriber);

    /// <summary>Have all replicas close their logs; the sender hears <see cref="ReplicasStopped"/> when none runs.</summary>
    public sealed record StopReplicas
    {
        public static readonly StopReplicas Instance = new();
    }

    public sealed record ReplicasStopped
    {
        public static readonly ReplicasStopped Instance = new();
    }

    /// <summary>It sets strays aside, which may block.</summary>
    public static Props Props(MetadataParts parts) =>
        Akka.Actor.Props.Create(() => new MetadataActor(parts)).WithDispatcher(ReplicaDispatchers.Log);

    public MetadataActor(MetadataParts parts)
    {
        _parts = parts;
        Receive<Newest>(newest =>
        {
            _isRegistered |=
                newest.Image.Brokers.TryGetValue(parts.Broker, out var self) && self.Incarnation == parts.Incarnation;
            Follow(newest.Image);
        });
        Receive<Replica.Assigned>(assigned => Done(assigned.Replica));
        Receive<Replica.Stopped>(stopped => Done(stopped.Replica));
        Receive<StopReplicas>(_ => Stop());
        Receive<Subscribe>(subscribe =>
        {
            _subscribers.Add(subscribe.Subscriber);
            subscribe.Subscriber.Tell(_parts.Cache.Current);
        });
    }

    private void Follow(MetadataImage image)
    {
        Invariant.Holds(image.Version >= _newest.Version);
        _newest = image;
        if (!_isRegistered) return;
        // Before any replica answers those who waited for what is no more: they ask at once where to go now.
        _parts.Cache.Heard(image);
        if (!IsAtIt) CarryOut();
    }

    private bool IsAtIt => _awaited.Count > 0;

    /// <summary>From now on nothing is carried out any more.</summary>
    private void Stop()
    {
        var asker = Sender;
        HashSet<ReplicaId> left = [];
        _parts.Region.Watch(Context);
        _parts.Region.AskRunning(Self);
        Become(() =>
        {
            Receive<CurrentShardRegionState>(running =>
            {
                left.UnionWith(_plan.Replicas.Select(r => r.Id).Where(id => running.Failed.Count > 0
                    || running.Shards.Any(shard => shard.EntityIds.Contains(id.ToString()))));
                foreach (var id in left) _parts.Region.Tell(id, new Replica.Stop(id, Delete: false), Self);
                AnswerWhenDone();
            });
            Receive<Replica.Stopped>(stopped =>
            {
                left.Remove(stopped.Replica);
                AnswerWhenDone();
            });
            Receive<Terminated>(_ => Answer()); // With all of them.
            ReceiveAny(_ => { });
        });

        void AnswerWhenDone()
        {
            if (left.Count == 0) Answer();
        }

        void Answer()
        {
            asker.Tell(ReplicasStopped.Instance);
            _parts.Region.Close();
            Become(() => ReceiveAny(_ => { }));
        }
    }

    private void CarryOut()
    {
        var before = _plan;
        _carriedOut = _newest;
        _plan = before.Next(_carriedOut, _parts.Broker, _parts.Settings);
        if (!_hasLooked)
        {
            _hasLooked = true;
            _parts.SetStraysAside(_plan);
        }
        var (assigned, gone) = _plan.Since(before);
        _toAssign = assigned;
        _awaited.UnionWith(gone);
        foreach (var id in gone) _parts.Region.Tell(id, new Replica.Stop(id, Delete: true), Self);
        if (gone.IsEmpty) AssignAll();
    }

    /// <summary>After those that are gone: a topic that was made again under its old name has the same folders.</summary>
    private void AssignAll()
    {
        var assigned = _toAssign;
        _toAssign = [];
        foreach (var assign in assigned)
        {
            _awaited.Add(assign.Id);
            _parts.Region.Tell(assign.Id, assign, Self);
        }
        if (assigned.IsEmpty) Publish();
    }

    private void Done(ReplicaId replica)
    {
        if (!_awaited.Remove(replica) || _awaited.Count > 0) return;
        if (_toAssign.IsEmpty) Publish();
        else AssignAll();
    }

    private void Publish()
    {
        _parts.Cache.Publish(_carriedOut, _newest);
        Log.Published(_parts.Log, _carriedOut.Version, _carriedOut.Topics.Count);
        foreach (var subscriber in _subscribers) subscriber.Tell(_carriedOut);
        if (_newest.Version > _carriedOut.Version) CarryOut();
    }
}

/// <summary>What the metadata actor works with.</summary>
/// <param name="Incarnation">Of this broker's process.</param>
/// <param name="SetStraysAside">Told the first plan: what lies on the disk and is not in it, no topic knows.</param>
internal sealed record MetadataParts(
    BrokerId Broker, UInt128 Incarnation, BrokerSettings Settings, MetadataCache Cache, IReplicaRegion Region,
    Action<ReplicaPlan> SetStraysAside,
    ILogger Log);
