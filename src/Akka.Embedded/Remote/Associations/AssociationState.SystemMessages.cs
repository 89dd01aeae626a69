using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Remote.Associations;

/// <summary>System messages: numbered, acknowledged, sent again.</summary>
internal sealed partial class AssociationState
{
    private void Send(object message, TimeSpan now)
    {
        if (_phase == Phase.ShutDown)
        {
            Do(new Lost([message], "this system is shutting down"));
            return;
        }
        if (_sent.Add(message) is not { } seq)
        {
            Do(new Lost([message], "too many system messages are not acknowledged"));
            GiveUpUnreachable($"{rules.SystemMessageCapacity} system messages are not acknowledged", now);
            return;
        }
        _exchanged = true;
        if (_current is not null)
        {
            if (_sent.Count == 1) _resendAt = now + rules.ResendInterval;
            Do(new Transmit(_current.Id, seq, message));
            return;
        }
        _unreachableSince ??= now;
        if (_phase == Phase.Idle) Connect(now);
    }

    private void Receive(Received received)
    {
        if (Find(received.Link) is null) return;
        _exchanged = true;
        _ackDue = true;
        if (!_received.Receive(received.Seq, received.Message, out var deliverable)) return;
        foreach (var message in deliverable)
            if (message is not null) Do(new Deliver(message));
    }

    private void SendAckIfDue()
    {
        if (!_ackDue || _current is null) return;
        _ackDue = false;
        Do(new SendAck(_current.Id, _received.Acknowledge()));
    }

    private void Acknowledge(Acknowledged acknowledged, TimeSpan now)
    {
        if (Find(acknowledged.Link) is null) return;
        if (!_sent.Acknowledge(acknowledged.Ack, out var missing))
        {
            GiveUpSystem(_uid, $"it acknowledges system messages that were never sent ({acknowledged.Ack.Cumulative})", now);
            return;
        }
        _resendAt = now + rules.ResendInterval;
        if (_current is not { } link) return;
        foreach (var (seq, message) in missing) Do(new Transmit(link.Id, seq, message));
    }

    private void Resend(TimeSpan now)
    {
        _resendAt = now + rules.ResendInterval;
        foreach (var (seq, message) in _sent.Oldest(rules.ResendLimit)) Do(new Transmit(_current!.Id, seq, message));
    }

    private void Lose(string reason)
    {
        var lost = _sent.Reset();
        _unreachableSince = null;
        if (lost.Length > 0) Do(new Lost(lost, reason));
    }

    /// <summary>Quarantines the incarnation that system messages were for; if it was never met, they are lost.</summary>
    private void GiveUpUnreachable(string reason, TimeSpan now)
    {
        if (_uid is { } uid) GiveUpSystem(uid, reason, now);
        else Lose(reason);
    }
}
