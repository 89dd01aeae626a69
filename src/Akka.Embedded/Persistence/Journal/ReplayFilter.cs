using Akka.Actor;
using Akka.Event;
using Akka.Pattern;

namespace Akka.Persistence.Journal;

/// <summary>What is done when two incarnations of an actor wrote events with overlapping sequence numbers.</summary>
public enum ReplayFilterMode
{
    /// <summary>The recovery fails.</summary>
    Fail,

    /// <summary>A warning is logged.</summary>
    Warn,

    /// <summary>The events of the older writer are dropped.</summary>
    RepairByDiscardOld,

    /// <summary>Nothing is looked at.</summary>
    Disabled,
}

/// <summary>
/// Stands between a replay and its persistent actor and looks at a window of events: where a new writer starts at a sequence
/// number that the old one had used already, the old one was a zombie whose later events do not count.
/// </summary>
public class ReplayFilter(IActorRef persistentActor, ReplayFilterMode mode, int windowSize, int maxOldWriters, bool debugEnabled)
    : ActorBase
{
    private readonly LinkedList<ReplayedMessage> _window = new();
    private readonly LinkedList<string> _oldWriters = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private string _writer = string.Empty;
    private long _sequenceNr = -1;

    public IActorRef PersistentActor { get; } = persistentActor;

    public ReplayFilterMode Mode { get; } = mode;

    public int WindowSize { get; } = windowSize;

    public int MaxOldWriters { get; } = maxOldWriters;

    public bool DebugEnabled { get; } = debugEnabled;

    public static Props Props(
        IActorRef persistentActor, ReplayFilterMode mode, int windowSize, int maxOldWriters, bool debugEnabled) =>
        Actor.Props.Create(() => new ReplayFilter(persistentActor, mode, windowSize, maxOldWriters, debugEnabled));

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                if (DebugEnabled) _log.Debug("Replay: {0}", replayed.Persistent);
                if (_window.Count == WindowSize) PassOldest();
                Look(replayed);
                return true;
            case RecoverySuccess or ReplayMessagesFailure:
                while (_window.Count > 0) PassOldest();
                PersistentActor.Tell(message, Sender);
                Context.Stop(Self);
                return true;
            default:
                return false;
        }
    }

    private void Look(ReplayedMessage replayed)
    {
        var persistent = replayed.Persistent;
        if (persistent.WriterGuid == _writer)
        {
            if (persistent.SequenceNr < _sequenceNr && Refused(replayed, "its writer had a higher one before")) return;
            _sequenceNr = Math.Max(_sequenceNr, persistent.SequenceNr);
            _window.AddLast(replayed);
        }
        else if (_oldWriters.Contains(persistent.WriterGuid))
        {
            if (!Refused(replayed, $"it is of the old writer {persistent.WriterGuid}")) _window.AddLast(replayed);
        }
        else
        {
            TakeOver(persistent);
            _window.AddLast(replayed);
        }
    }

    private void TakeOver(IPersistentRepresentation persistent)
    {
        if (_writer.Length > 0)
        {
            _oldWriters.AddLast(_writer);
            if (_oldWriters.Count > MaxOldWriters) _oldWriters.RemoveFirst();
        }

        _writer = persistent.WriterGuid;
        _sequenceNr = persistent.SequenceNr;
        for (var node = _window.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Persistent.SequenceNr >= _sequenceNr
                && Refused(node.Value, $"the new writer {_writer} starts at {_sequenceNr}"))
                _window.Remove(node);
            node = next;
        }
    }

    private bool Refused(ReplayedMessage replayed, string why)
    {
        var persistent = replayed.Persistent;
        var text = $"Event {persistent.SequenceNr} of [{persistent.PersistenceId}] is not in order: {why}. It may come from two incarnations that wrote at once.";
        switch (Mode)
        {
            case ReplayFilterMode.RepairByDiscardOld:
                _log.Warning("{0} It is discarded.", text);
                return true;
            case ReplayFilterMode.Fail:
                PersistentActor.Tell(new ReplayMessagesFailure(new IllegalStateException(text)), ActorRefs.NoSender);
                Context.Become(static _ => true);
                Context.Stop(Self);
                return true;
            default:
                _log.Warning("{0}", text);
                return false;
        }
    }

    private void PassOldest()
    {
        PersistentActor.Tell(_window.First!.Value, ActorRefs.NoSender);
        _window.RemoveFirst();
    }
}
