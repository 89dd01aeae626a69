using System.Collections.Immutable;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>What an association hears, says and asks for. A link is a connection to the other system, and has a number.</summary>
internal static class AssociationProtocol
{
    /// <summary>Why the other side ends a link.</summary>
    public enum Farewell { Unknown, ShuttingDown, Quarantined }

    public interface IInput;

    /// <summary>A user message waits, and there is no link.</summary>
    public sealed record Wanted : IInput
    {
        public static readonly Wanted Instance = new();
    }

    /// <summary>A system message is to be delivered, once and in order.</summary>
    public sealed record SendSystem(object Message) : IInput;

    /// <summary>An attempt to connect has failed before the handshake was done.</summary>
    public sealed record DialFailed(int Attempt, string Cause) : IInput;

    /// <summary>The other side has said who it is. Inbound: it waits for the answer.</summary>
    public sealed record HandshakeDone(int Link, int Uid, bool Inbound, int Attempt = 0) : IInput;

    /// <summary>The other side says that it ends the link.</summary>
    public sealed record Disassociated(int Link, Farewell Reason) : IInput;

    /// <summary>The link has ended.</summary>
    public sealed record LinkClosed(int Link, string? Cause) : IInput;

    /// <summary>A numbered message has come.</summary>
    public sealed record Received(int Link, long Seq, object? Message) : IInput;
    public sealed record Acknowledged(int Link, Acknowledgement Ack) : IInput;

    /// <summary>The link has nothing more to read for now.</summary>
    public sealed record Drained(int Link) : IInput;

    /// <summary>Something came by the link at <paramref name="At"/>.</summary>
    public sealed record Heard(int Link, TimeSpan At) : IInput;

    /// <summary>The time asked for by <see cref="AssociationState.Wake"/> is there.</summary>
    public sealed record Tick : IInput
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Somebody has given the other system up. Without a uid only its links are closed.</summary>
    public sealed record Quarantine(int? Uid, string Reason) : IInput;

    /// <summary>This system ends.</summary>
    public sealed record ShutDown : IInput
    {
        public static readonly ShutDown Instance = new();
    }

    public abstract record Effect;

    /// <summary>Connect, and say who we are; answered by <see cref="HandshakeDone"/> or <see cref="DialFailed"/>.</summary>
    public sealed record Dial(int Attempt) : Effect;

    /// <summary>Nobody waits for that attempt any more.</summary>
    public sealed record GiveUp(int Attempt) : Effect;

    /// <summary>Answer the handshake of an inbound link.</summary>
    public sealed record Answer(int Link) : Effect;

    /// <summary>Send by this link from now on.</summary>
    public sealed record Use(int Link) : Effect;

    /// <summary>Keep user messages for a link to come.</summary>
    public sealed record Hold : Effect;

    /// <summary>User messages, those that wait included, are dead letters from now on.</summary>
    public sealed record Refuse(string Reason) : Effect;
    public sealed record Heartbeat(int Link) : Effect;
    public sealed record SayFarewell(int Link, Farewell Reason) : Effect;
    public sealed record Close(int Link) : Effect;
    public sealed record Transmit(int Link, long Seq, object Message) : Effect;
    public sealed record SendAck(int Link, Acknowledgement Ack) : Effect;
    public sealed record Deliver(object Message) : Effect;

    /// <summary>System messages that nobody will get.</summary>
    public sealed record Lost(ImmutableArray<object> Messages, string Reason) : Effect;

    /// <summary>Send what waits, say farewell and close.</summary>
    public sealed record Finish(int Link) : Effect;

    /// <summary>Nothing is known of the other system that would be worth keeping.</summary>
    public sealed record Forget : Effect;

    public sealed record Opened(bool Inbound) : Effect;
    public sealed record Ended(bool Inbound) : Effect;
    public sealed record Failed(string Cause, bool Inbound) : Effect;
    public sealed record NowQuarantined(int Uid, string Reason) : Effect;
    public sealed record QuarantinedByPeer : Effect;

    /// <summary>Actors of the other system, as far as anybody here is concerned, are gone.</summary>
    public sealed record SystemLost : Effect;
}

/// <summary>Times and limits of associations.</summary>
internal sealed record AssociationRules(TimeSpan GateFor, TimeSpan QuarantineFor, TimeSpan QuarantineAfterSilence,
    int SystemMessageCapacity, TimeSpan ResendInterval, int ResendLimit, TimeSpan InitialDeliveryTimeout,
    TimeSpan HeartbeatInterval, TimeSpan AcceptablePause, TimeSpan HandshakeTimeout)
{
    /// <summary>How long nothing may be known before an association is forgotten.</summary>
    public TimeSpan ForgetAfter { get; } = TimeSpan.FromMinutes(5);
}
