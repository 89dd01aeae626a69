using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs dead letters, up to <c>akka.log-dead-letters</c> of them, then pauses.</summary>
public class DeadLetterListener : ActorBase
{
    private readonly EventStream _stream = Context.System.EventStream;
    private readonly int _limit = Context.System.Settings.LogDeadLetters;
    private readonly TimeSpan _pause = Context.System.Settings.LogDeadLettersSuspendDuration;
    private TimeSpan _pausedUntil;
    private int _count;

    protected override void PreStart()
    {
        _stream.Subscribe(Self, typeof(DeadLetter));
        _stream.Subscribe(Self, typeof(Dropped));
        _stream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void PreRestart(Exception reason, object message) { }
    protected override void PostRestart(Exception reason) { }
    protected override void PostStop() => _stream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter) return false;
        if (letter is UnhandledMessage unhandled)
        {
            if (Context.System.Settings.DebugUnhandledMessage)
                Publish(new Debug(Path(unhandled.Recipient), unhandled.Recipient.GetType(),
                $"No handler took {unhandled.Message} from {unhandled.Sender}"));
            return true;
        }
        if (_pausedUntil > Context.System.Scheduler.MonotonicClock) return true;
        _count++;
        var last = _limit != int.MaxValue && _count >= _limit;
        Publish(new Info(Path(letter.Recipient), letter.Recipient.GetType(), Describe(letter) + Suffix(last)));
        if (!last) return true;
        _count = 0;
        _pausedUntil = _pause == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Context.System.Scheduler.MonotonicClock + _pause;
        return true;
    }

    private void Publish(LogEvent entry) => _stream.Publish(entry);

    private static string Path(IActorRef actor) => actor is null ? "" : actor.Path.ToString();

    private string Describe(AllDeadLetters letter)
    {
        var message = letter.Message is IWrappedMessage wrapped ? wrapped.Message : letter.Message;
        var from = letter.Sender is null || letter.Sender.IsNobody() ? "without sender" : $"from {letter.Sender}";
        return letter is Dropped dropped
            ? $"{message.GetType().Name} {from} to {letter.Recipient} was dropped: {dropped.Reason} ({_count} dead letters)"
            : $"{message.GetType().Name} {from} to {letter.Recipient} found nobody ({_count} dead letters)";
    }

    private string Suffix(bool last) => last
        ? _pause == Timeout.InfiniteTimeSpan ? "; no more will be logged" : $"; no more will be logged for {_pause}"
        : "";
}
