using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that a test actor got, and who sent it.</summary>
public abstract class MessageEnvelope
{
    public abstract object? Message { get; }
    public abstract IActorRef Sender { get; }
}

public class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message { get; } = message;
    public override IActorRef Sender { get; } = sender;

    public override string ToString() => $"<{Message}> from {(Sender is null ? "NoSender" : Sender.ToString())}";
}

/// <summary>Stands for "no message came".</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    public override object? Message => null;
    public override IActorRef Sender => throw new InvalidOperationException("There is no message, so nobody sent it.");

    public override string ToString() => "<null message>";
}
