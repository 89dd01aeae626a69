using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>Deadlines.</summary>
internal sealed partial class AssociationState
{
    /// <summary>When a <see cref="Tick"/> is due; null: not before something else happens.</summary>
    public TimeSpan? Wake
    {
        get
        {
            if (_phase == Phase.ShutDown) return null;
            TimeSpan? wake = null;
            foreach (var link in _links)
            {
                Earliest(link.HeartbeatAt);
                Earliest(SilentAt(link));
            }
            if (_dial is { } dial) Earliest(dial.Deadline);
            if (_phase == Phase.Gated) Earliest(_gateUntil);
            if (_current is not null && _sent.Count > 0) Earliest(_resendAt);
            if (_unreachableSince is { } since) Earliest(since + rules.InitialDeliveryTimeout);
            if (_phase == Phase.Idle) Earliest(IdleUntil);
            return wake;

            void Earliest(TimeSpan at)
            {
                if (wake is null || at < wake) wake = at;
            }
        }
    }

    // Markers are only looked at when nothing else is left to wait for: who is quarantined is refused a little longer then.
    private TimeSpan IdleUntil => _aloneSince + (_exchanged ? rules.QuarantineAfterSilence : rules.ForgetAfter) is var until
        && _quarantined.Count > 0 && _quarantined.Values.Max() is var last && last > until ? last : until;

    private TimeSpan SilentAt(LinkState link) => link.Heard + rules.HeartbeatInterval + rules.AcceptablePause;

    private void LookAtTime(TimeSpan now)
    {
        if (_phase == Phase.ShutDown) return;
        foreach (var link in _links.ToArray())
        {
            if (now >= SilentAt(link))
            {
                Part(link.Id, Farewell.Unknown);
                var cause = $"nothing was heard of it for {now - link.Heard}";
                Do(new Failed(cause, link.Inbound));
                Remove(link, now, cause);
            }
            else if (now >= link.HeartbeatAt)
            {
                link.HeartbeatAt = now + rules.HeartbeatInterval;
                Do(new Heartbeat(link.Id));
            }
        }
        if (_dial is { } dial && now >= dial.Deadline)
        {
            Do(new GiveUp(dial.Attempt));
            DialHasFailed(dial.Attempt, $"there was no handshake within {rules.HandshakeTimeout}", now);
        }
        if (_unreachableSince + rules.InitialDeliveryTimeout <= now)
            GiveUpUnreachable($"system messages could not be delivered for {rules.InitialDeliveryTimeout}", now);
        if (_current is not null && _sent.Count > 0 && now >= _resendAt) Resend(now);
        if (_phase == Phase.Gated && now >= _gateUntil) Ungate(now);
        else if (_phase == Phase.Idle && now >= IdleUntil) EndIdleness(now);
    }

    private void Ungate(TimeSpan now)
    {
        if (_sent.Count > 0)
        {
            Connect(now);
            return;
        }
        _phase = Phase.Idle;
        Do(new Hold());
    }

    private void EndIdleness(TimeSpan now)
    {
        _quarantined.Clear();
        if (_exchanged && _uid is { } uid)
        {
            GiveUpSystem(uid, $"nothing was heard of it for {rules.QuarantineAfterSilence}", now);
            return;
        }
        _phase = Phase.ShutDown; // Whoever comes next gets another association.
        Do(new Forget());
    }
}
