using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Metadata;

/// <summary>What a <see cref="MetadataFollower"/> works with.</summary>
/// <param name="Incarnation">Of this broker's process.</param>
/// <param name="Controller">The controller, or whoever knows where it is.</param>
/// <param name="Metadata">Carries out each new image; publishes it then.</param>
/// <param name="Interval">Between two signs of life; what was lost on the way is missed until then.</param>
/// <param name="Found">Told the first image that a controller has.</param>
/// <param name="Heard">Told each time that the controller answers where it is.</param>
/// <param name="Replaced">Told that another process has taken this broker's id.</param>
internal sealed record FollowerParts(
    BrokerId Broker, UInt128 Incarnation, IActorRef Controller, IActorRef Metadata, TimeSpan Interval,
    Action<MetadataImage> Found, Action<Address> Heard, Action<BrokerImage> Replaced, ILogger Log)
{
    public ServingLease Lease { get; init; } = ServingLease.Always;

    /// <summary>Who keeps the controller's journal.</summary>
    public ImmutableArray<BrokerId> Voters { get; init; } = [];

    /// <summary>Told when the lease has ended.</summary>
    public Action LostTouch { get; init; } = static () => { };

    /// <summary>The other brokers' followers of the metadata, as far as their nodes are known.</summary>
    public Func<IEnumerable<ICanTell>> Others { get; init; } = static () => [];
}

/// <summary>
/// <c>/user/broker/follower</c>: follows the metadata log of the controller, wherever that is. Runs
/// <see cref="MetadataFollowing"/>: gives signs of life, asks for what it misses, and passes each new image on. Sees to it that
/// the broker serves only as long as it is in touch.
/// </summary>
internal sealed partial class MetadataFollower : ReceiveActor, IWithTimers
{
    private readonly FollowerParts _parts;
    private readonly MetadataFollowing _following = new();
    private long _passedOn = -1;
    private long _carriedOut;
    private bool _hasFound;
    private bool _hasAsked;
    private bool _wasRegistered;
    private bool _wasReplaced;

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    public static Props Props(FollowerParts parts) => Akka.Actor.Props.Create(() => new MetadataFollower(parts));

    public MetadataFollower(FollowerParts parts)
    {
        _parts = parts;
        _lease = new BrokerLease(parts.Lease.Limit, parts.Voters);
        Receive<MetadataDelta>(delta => Taken(_following.TryTake(delta)));
        Receive<MetadataSnapshotPart>(part => Taken(_following.TryTake(part)));
        Receive<Current>(current =>
        {
            parts.Heard(Sender.Path.Address);
            if (current.Version <= _following.Image.Version) PassOn();
            InTouch(lease => lease.ControllerAnswered(
                TimeSpan.FromTicks(current.AskedAt), current.Version, Sender.Path.Address.HasLocalScope, Now));
        });
        Receive<Touch>(touch => Sender.Tell(new Touched(parts.Broker, touch.AskedAt, Image.Version)));
        Receive<Touched>(touched => InTouch(lease =>
        {
            lease.Told(Image.Version);
            lease.BrokerAnswered(touched.Broker, TimeSpan.FromTicks(touched.AskedAt), touched.Version, Now);
        }));
        Receive<MetadataImage>(published =>
        {
            _carriedOut = published.Version;
            InTouch(lease => lease.CarriedOut(published, parts.Broker, Now));
            // As soon as possible: until the controller knows, this broker may not serve.
            if (published.Brokers.TryGetValue(parts.Broker, out var self) && self.IsFenced) Follow(hasGap: false);
        });
        Receive<Tick>(_ =>
        {
            _hasAsked = false;
            Follow(hasGap: false);
            StayInTouch();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private MetadataImage Image => _following.Image;

    protected override void PreStart()
    {
        _parts.Metadata.Tell(new MetadataActor.Subscribe(Self));
        Follow(hasGap: false);
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, _parts.Interval);
    }

    private void Follow(bool hasGap) =>
        _parts.Controller.Tell(new Follow(_parts.Broker, _parts.Incarnation, Image.Version, _carriedOut, hasGap)
        {
            AskedAt = Now.Ticks,
        });

    private void Taken(bool isWhole)
    {
        if (isWhole)
        {
            PassOn();
            return;
        }
        // Once until the next sign of life: whatever else arrives meanwhile has the same gap before it.
        if (_hasAsked) return;
        _hasAsked = true;
        Log.HasGap(_parts.Log, Image.Version);
        Follow(hasGap: true);
    }

    private void PassOn()
    {
        if (!_hasFound)
        {
            _hasFound = true;
            _parts.Found(Image);
        }
        if (_passedOn == Image.Version) return;
        _passedOn = Image.Version;
        _parts.Metadata.Tell(new MetadataActor.Newest(Image));
        LookForSelf();
    }

    private void LookForSelf()
    {
        if (!Image.Brokers.TryGetValue(_parts.Broker, out var registered)) return;
        if (registered.Incarnation == _parts.Incarnation) _wasRegistered = true;
        else if (_wasRegistered && !_wasReplaced)
        {
            _wasReplaced = true;
            _parts.Replaced(registered);
        }
    }
}
