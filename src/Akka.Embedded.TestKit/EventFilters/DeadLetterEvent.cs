using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>A dead letter in the form that filters take.</summary>
internal sealed class DeadLetterEvent : Warning
{
    public DeadLetterEvent(DeadLetter letter) : base(letter.Recipient.Path.ToString(), typeof(DeadLetter), letter) =>
        Letter = letter;

    public DeadLetter Letter { get; }
}
