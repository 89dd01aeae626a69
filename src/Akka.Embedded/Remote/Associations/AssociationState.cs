using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>Decides about links to one other system: when to connect, which incarnation counts, when it is given up. No
/// clock, socket or actor here.</summary>
/// <remarks>
/// There are at most two links, one made by each side, and at most one attempt to connect. One of the links is written to:
/// the first, for as long as it lasts. Both are read: two systems that connect to each other at the same time keep both.
/// System messages go to one incarnation (uid); when it changes, their numbers begin anew. Links exist only while the uid is
/// known and not quarantined.
/// </remarks>
internal sealed partial class AssociationState(AssociationRules rules, TimeSpan created)
{
    private const int MaxMarkers = 16;

    private readonly List<Effect> _effects = [];
    private readonly List<LinkState> _links = [];
    private readonly SortedDictionary<int, TimeSpan> _quarantined = []; // Uid, and when that may be forgotten.
    private readonly AckedSendBuffer _sent = new(rules.SystemMessageCapacity);
    private readonly AckedReceiveBuffer _received = new(rules.SystemMessageCapacity);
    private Phase _phase;
    private LinkState? _current;
    private int? _uid;
    private int _attempts;
    private (int Attempt, TimeSpan Deadline)? _dial;
    private TimeSpan _gateUntil;
    private TimeSpan _aloneSince = created; // Without a link.
    private TimeSpan _resendAt;
    private TimeSpan? _unreachableSince; // While system messages wait.
    private bool _exchanged; // System messages: what the other side knows of ours, and we of it, must not be forgotten.
    private bool _ackDue;

    private enum Phase { Idle, Connecting, Open, Gated, ShutDown }

    private sealed class LinkState(int id, bool inbound, TimeSpan now, TimeSpan heartbeatAt)
    {
        public readonly int Id = id;
        public readonly bool Inbound = inbound;
        public TimeSpan Heard = now;
        public TimeSpan HeartbeatAt = heartbeatAt;
    }

    /// <summary>The incarnation that links lead to, or led to last.</summary>
    public int? Uid => _uid;
    public bool IsOpen => _phase == Phase.Open;
    public bool IsGated => _phase == Phase.Gated;
    public int UnacknowledgedCount => _sent.Count;

    /// <summary>Takes one input.</summary>
    /// <returns>What to do, in order; valid until the next call.</returns>
    public IReadOnlyList<Effect> Step(IInput input, TimeSpan now)
    {
        _effects.Clear();
        switch (input)
        {
            case Heard(var link, var at): if (Find(link) is { } living && at > living.Heard) living.Heard = at; break;
            case Received received: Receive(received); break;
            case Drained: SendAckIfDue(); break;
            case Acknowledged acknowledged: Acknowledge(acknowledged, now); break;
            case SendSystem(var message): Send(message, now); break;
            case Wanted: if (_phase == Phase.Idle) Connect(now); break;
            case HandshakeDone handshake: Shake(handshake, now); break;
            case DialFailed(var attempt, var cause): DialHasFailed(attempt, cause, now); break;
            case Disassociated(var link, var reason): TakeFarewell(link, reason, now); break;
            case LinkClosed(var link, var cause): LinkIsClosed(link, cause, now); break;
            case Quarantine(var uid, var reason): GiveUpSystem(uid, reason, now); break;
            case Tick: LookAtTime(now); break;
            case ShutDown: End(); break;
        }
        return _effects;
    }

    private void Connect(TimeSpan now)
    {
        _phase = Phase.Connecting;
        Do(new Hold());
        if (_dial is not null) return;
        _dial = (++_attempts, now + rules.HandshakeTimeout);
        Do(new Dial(_attempts));
    }

    private void Shake(HandshakeDone handshake, TimeSpan now)
    {
        if (handshake.Inbound)
        {
            Do(new Answer(handshake.Link));
        }
        else if (_dial?.Attempt != handshake.Attempt)
        {
            Do(new Close(handshake.Link)); // Given up meanwhile.
            return;
        }
        else
        {
            _dial = null;
        }
        if (_phase == Phase.ShutDown)
        {
            Part(handshake.Link, Farewell.ShuttingDown);
        }
        else if (_quarantined.ContainsKey(handshake.Uid))
        {
            Part(handshake.Link, Farewell.Quarantined);
            if (_phase == Phase.Connecting && !handshake.Inbound)
                Gate($"its incarnation [{handshake.Uid}] is quarantined", now, dropSystemMessages: true);
        }
        else
        {
            if (_uid != handshake.Uid) MeetIncarnation(handshake.Uid, now);
            Add(new LinkState(handshake.Link, handshake.Inbound, now, now + rules.HeartbeatInterval), now);
        }
    }

    private void MeetIncarnation(int uid, TimeSpan now)
    {
        if (_uid is { } old)
        {
            if (_links.Count > 0) Mark(old, now);
            PartFromAll(Farewell.Unknown);
            Lose("they were for an incarnation of the other system that has been replaced");
            _received.Reset();
            _exchanged = _ackDue = false;
            Do(new SystemLost());
        }
        _uid = uid;
    }

    private void Add(LinkState link, TimeSpan now)
    {
        var replaced = _links.Find(other => other.Inbound == link.Inbound);
        if (replaced is not null)
        {
            _links.Remove(replaced);
            Part(replaced.Id, Farewell.Unknown);
            Do(new Ended(replaced.Inbound));
        }
        _links.Add(link);
        Do(new Opened(link.Inbound));
        if (_current is null || _current == replaced) Switch(link, now);
    }

    private void Switch(LinkState link, TimeSpan now)
    {
        _phase = Phase.Open;
        _current = link;
        _unreachableSince = null;
        Do(new Use(link.Id));
        Resend(now);
    }

    private void Remove(LinkState link, TimeSpan now, string? cause)
    {
        _links.Remove(link);
        Do(new Ended(link.Inbound));
        if (link != _current) return;
        _current = null;
        if (_links.Count > 0) Switch(_links[0], now);
        else if (_dial is not null) Alone(Phase.Connecting, new Hold(), now);
        else Gate(cause ?? "the other side has closed the connection", now);
    }

    private void Gate(string cause, TimeSpan now, bool dropSystemMessages = false)
    {
        if (_dial is { } dial) Do(new GiveUp(dial.Attempt));
        _dial = null;
        _gateUntil = now + rules.GateFor;
        Alone(Phase.Gated, new Refuse(cause), now);
        if (dropSystemMessages) Lose(cause);
    }

    private void Alone(Phase phase, Effect queue, TimeSpan now)
    {
        _phase = phase;
        _aloneSince = now;
        if (_sent.Count > 0) _unreachableSince ??= now;
        Do(queue);
    }

    private void DialHasFailed(int attempt, string cause, TimeSpan now)
    {
        if (_dial?.Attempt != attempt) return;
        _dial = null;
        if (_phase != Phase.Connecting) return;
        Do(new Failed(cause, Inbound: false));
        Gate(cause, now);
    }

    private void TakeFarewell(int id, Farewell reason, TimeSpan now)
    {
        if (Find(id) is not { } link) return;
        Do(new Close(id)); // A farewell is never answered.
        if (reason == Farewell.Unknown)
        {
            Remove(link, now, null);
            return;
        }
        if (reason == Farewell.Quarantined) Do(new QuarantinedByPeer());
        _links.Remove(link);
        Do(new Ended(link.Inbound));
        PartFromAll(Farewell.Unknown);
        var cause = reason == Farewell.Quarantined ? "it has quarantined this system" : "it has shut down";
        Gate(cause, now, dropSystemMessages: reason == Farewell.Quarantined);
        Do(new SystemLost());
    }

    private void LinkIsClosed(int id, string? cause, TimeSpan now)
    {
        if (Find(id) is not { } link) return;
        if (cause is not null) Do(new Failed(cause, link.Inbound));
        Remove(link, now, cause);
    }

    private void GiveUpSystem(int? uid, string reason, TimeSpan now)
    {
        if (_phase == Phase.ShutDown) return;
        if (uid is { } given)
        {
            if (!_quarantined.ContainsKey(given)) Do(new NowQuarantined(given, reason));
            Mark(given, now);
            if (given != _uid) return; // Another incarnation than the one there is to do with.
        }
        PartFromAll(uid is null ? Farewell.Unknown : Farewell.Quarantined);
        Gate(uid is null ? reason : $"it is quarantined: {reason}", now, dropSystemMessages: uid is not null);
        if (uid is null) return;
        _received.Reset();
        _exchanged = _ackDue = false;
        _uid = null;
        Do(new SystemLost());
    }

    private void End()
    {
        if (_phase == Phase.ShutDown) return;
        _phase = Phase.ShutDown;
        if (_dial is { } dial) Do(new GiveUp(dial.Attempt));
        _dial = null;
        foreach (var link in _links)
        {
            if (link == _current) Do(new Finish(link.Id));
            else Part(link.Id, Farewell.ShuttingDown);
        }
        if (_current is null) Do(new Refuse("this system is shutting down"));
        _links.Clear();
        _current = null;
    }

    private void PartFromAll(Farewell farewell)
    {
        foreach (var link in _links)
        {
            Part(link.Id, farewell);
            Do(new Ended(link.Inbound));
        }
        _links.Clear();
        _current = null;
    }

    private void Part(int link, Farewell farewell)
    {
        Do(new SayFarewell(link, farewell));
        Do(new Close(link));
    }

    private void Mark(int uid, TimeSpan now)
    {
        _quarantined[uid] = now + rules.QuarantineFor;
        if (_quarantined.Count > MaxMarkers) _quarantined.Remove(_quarantined.MinBy(marker => marker.Value).Key);
    }

    private LinkState? Find(int id) => _links.Find(link => link.Id == id);
    private void Do(Effect effect) => _effects.Add(effect);
}
