using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using Akka.Actor;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>Who follows the metadata, and which brokers are there.</summary>
internal sealed partial class ControllerActor
{
    /// <summary>Brokers that lack more than these events get the whole image.</summary>
    private const int RememberedEvents = 10_000;

    private readonly MetadataHistory _history = new(RememberedEvents);
    private readonly Dictionary<IActorRef, Follower> _followers = [];

    /// <summary>Where the process is that is registered with an id; filled by registrations and by what followers say.</summary>
    private readonly Dictionary<BrokerId, Address> _nodes = [];

    /// <summary>Version at which a broker was registered or fenced last: it may serve again when it has seen that.</summary>
    private readonly Dictionary<BrokerId, long> _changedAt = [];

    /// <summary>Brokers that were there since this controller started, or are known to be lost.</summary>
    private readonly HashSet<BrokerId> _known = [];

    /// <summary>The process that was last refused an id that is taken.</summary>
    private readonly Dictionary<BrokerId, UInt128> _rivals = [];

    /// <summary>Null: there is no cluster, hence nobody who could be out of reach.</summary>
    private BrokersInReach? _reach;

    /// <summary>Who has not shown up by now is not there.</summary>
    private bool _graceIsOver;

    private sealed record GraceIsOver
    {
        public static readonly GraceIsOver Instance = new();
    }

    private sealed class Follower
    {
        /// <summary>What it said that it has, when it was heard last; -1: it was not.</summary>
        public long Held { get; set; } = -1;
    }

    private void Heard(Follow follow)
    {
        if (!_followers.TryGetValue(Sender, out var follower))
        {
            _followers.Add(Sender, follower = new Follower());
            Context.Watch(Sender);
        }
        // What was sent a moment ago may still be on its way: only who lacks the same for the second time has lost it.
        var lacks = follow.Held < _state.Image.Version;
        if (lacks && (follow.HasGap || follower.Held < 0 || follower.Held == follow.Held)) Send(Sender, follow.Held);
        follower.Held = follow.Held;
        Sender.Tell(new Current(_state.Image.Version) { AskedAt = follow.AskedAt });
        UnfenceIfReady(follow);
    }

    private void Send(IActorRef follower, long held)
    {
        if (_history.Since(held) is { } delta)
        {
            foreach (var part in Cut(delta)) follower.Tell(part);
            return;
        }
        var parts = MetadataEvents.Cut(ClusterSnapshot.Of(_state).Events);
        for (var i = 0; i < parts.Length; i++)
            follower.Tell(new MetadataSnapshotPart(_state.Image.Version, i, parts.Length, parts[i]));
    }

    private void Publish(MetadataDelta delta)
    {
        foreach (var part in Cut(delta))
            foreach (var follower in _followers.Keys) follower.Tell(part);
    }

    private static IEnumerable<MetadataDelta> Cut(MetadataDelta delta)
    {
        var from = delta.From;
        foreach (var events in MetadataEvents.Cut(delta.Events))
        {
            yield return new MetadataDelta(from, events);
            from += events.Length;
        }
    }

    /// <summary>A broker serves from when it can be reached and has carried out what it missed.</summary>
    private void UnfenceIfReady(Follow follow)
    {
        if (_reach is null || !_state.Image.Brokers.TryGetValue(follow.Broker, out var broker)) return;
        if (broker.Incarnation != follow.Incarnation) return;
        var node = NodeOf(Sender);
        _nodes[follow.Broker] = node;
        if (!broker.IsFenced || !IsInReach(follow.Broker, node)) return;
        if (follow.CarriedOut < _changedAt.GetValueOrDefault(follow.Broker, _state.Image.Version)) return;
        ControllerLog.Unfences(_log, follow.Broker);
        Handle(new ClusterCommand.ChangeBroker(broker.Id, broker.Epoch, BrokerChange.Unfence), null);
    }

    private void SeeNodes(BrokersInReach reach)
    {
        _reach = reach;
        _known.UnionWith(reach.Nodes.Keys);
        _known.UnionWith(reach.Lost);
        FenceMissing(reach);
    }

    private void FenceMissing(BrokersInReach reach)
    {
        foreach (var broker in _state.Image.Brokers.Values)
        {
            var isThere = _nodes.TryGetValue(broker.Id, out var node)
                ? IsInReach(broker.Id, node)
                : reach.Nodes.ContainsKey(broker.Id) || !(_graceIsOver || _known.Contains(broker.Id));
            if (isThere || broker.IsFenced) continue;
            ControllerLog.Fences(_log, broker.Id, node);
            // One after the other, each decided on what the one before has changed.
            Self.Tell(new ClusterCommand.ChangeBroker(broker.Id, broker.Epoch, BrokerChange.Fence), ActorRefs.NoSender);
        }
    }

    private bool IsInReach(BrokerId broker, Address node) =>
        _reach is not null && _reach.Nodes.TryGetValue(broker, out var nodes) && nodes.Contains(node);

    /// <summary>Another node is up and registered with that id.</summary>
    private bool RivalIsAlive(ClusterCommand.RegisterBroker registration, Address asker) =>
        _nodes.TryGetValue(registration.Broker, out var node) && node != asker && IsInReach(registration.Broker, node);

    /// <summary>It was refused the id before, and asks again and again.</summary>
    private bool IsKnownRival(ClusterCommand command, ClusterAnswer answer)
    {
        if (command is not ClusterCommand.RegisterBroker rival
            || answer is not ClusterCommand.RegisterBroker.Answer { Verdict.Error: ErrorCode.DuplicateBrokerRegistration })
            return false;
        var isKnown = _rivals.TryGetValue(rival.Broker, out var before) && before == rival.Incarnation;
        _rivals[rival.Broker] = rival.Incarnation;
        return isKnown;
    }

    private Address NodeOf(IActorRef actor)
    {
        var address = actor.Path.Address;
        return address.HasLocalScope && _reach is not null ? _reach.Self : address;
    }
}
