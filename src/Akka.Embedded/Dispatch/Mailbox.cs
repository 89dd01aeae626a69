using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>One actor's messages, and the work item that handles them.</summary>
/// <remarks>
/// All state that several threads fight for is one word: closed, scheduled, awaiting an async handler, and the number of
/// suspensions. Whoever sets "scheduled" hands the mailbox to the dispatcher, so <see cref="Run"/> never runs twice at a
/// time, on whatever thread: a pool's, the actor's own, or the sender's.
/// No wake-up is lost: a sender enqueues, then looks at "scheduled"; the runner clears "scheduled", then looks at the queue.
/// </remarks>
public class Mailbox : IRunnable
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int Awaiting = 4;
    private const int SuspendUnit = 8;

    private readonly SystemMessageQueue _system = new();
    private ActorCell _cell = null!;
    private int _status;

    public Mailbox(IMessageQueue messageQueue) => MessageQueue = messageQueue;

    public IMessageQueue MessageQueue { get; }
    public MessageDispatcher Dispatcher => _cell.Dispatcher;

    internal bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;
    internal bool IsAwaiting => (Volatile.Read(ref _status) & Awaiting) != 0;
    internal int SuspendCount => Volatile.Read(ref _status) / SuspendUnit;
    internal bool HasMessages => MessageQueue.HasMessages;
    internal string Description => $"{_cell.Self.Path} runs {_cell.Props.Type.Name}, {MessageQueue.Count} messages";
    internal bool HasSystemMessages => _system.HasMessages;

    private long Clock => _cell.SystemImpl.Scheduler.MonotonicClock.Ticks;

    public virtual void SetActor(ActorCell actorCell) => _cell = actorCell;

    public void Execute() => Run();

    /// <summary>Handles system messages, then up to the dispatcher's throughput of ordinary ones.</summary>
    public void Run()
    {
        try
        {
            if (!IsClosed)
            {
                var outer = ActorCell.Current;
                ActorCell.Current = _cell;
                try
                {
                    ProcessSystemMessages();
                    ProcessMessages();
                }
                finally
                {
                    ActorCell.Current = outer;
                }
            }
        }
        finally
        {
            SetIdle();
            Dispatcher.RegisterForExecution(this, hasMessageHint: false, hasSystemMessageHint: false);
        }
    }

    internal void Enqueue(IActorRef receiver, Envelope envelope)
    {
        MessageQueue.Enqueue(receiver, envelope);
        if (IsClosed) CleanUp();
    }

    internal void EnqueueSystem(SystemMessage message)
    {
        if (!_system.TryEnqueue(message)) _cell.SystemImpl.Provider.DeadLetters.AsInternal().SendSystemMessage(message);
    }

    /// <summary>Sets "scheduled" if there is, or may be, something to do.</summary>
    /// <returns>True: the caller must hand this mailbox to its executor.</returns>
    internal bool TrySchedule(bool hasMessageHint, bool hasSystemMessageHint)
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & (Scheduled | Closed)) != 0) return false;
            var hasWork = hasSystemMessageHint || _system.HasMessages
                || (status < Awaiting && (hasMessageHint || MessageQueue.HasMessages));
            if (!hasWork) return false;
            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status) return true;
        }
    }

    internal void SetIdle() => Interlocked.And(ref _status, ~Scheduled);
    internal void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    internal void Resume()
    {
        int status;
        do
        {
            status = Volatile.Read(ref _status);
            if (status < SuspendUnit) return;
        }
        while (Interlocked.CompareExchange(ref _status, status - SuspendUnit, status) != status);
    }

    internal void BeginAwait() => Interlocked.Or(ref _status, Awaiting);
    internal void EndAwait() => Interlocked.And(ref _status, ~Awaiting);

    /// <summary>Takes no more messages; what is here or comes later goes to dead letters.</summary>
    internal void Close()
    {
        Interlocked.Or(ref _status, Closed);
        var deadLetters = _cell.SystemImpl.Provider.DeadLetters.AsInternal();
        for (var message = _system.Close(); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            deadLetters.SendSystemMessage(message);
            message = next;
        }
        CleanUp();
    }

    public virtual void CleanUp()
    {
        // The owner, or senders that were just too late.
        lock (_system) MessageQueue.CleanUp(_cell.Self, _cell.SystemImpl.Mailboxes.DeadLetterMailbox.MessageQueue);
    }

    private void ProcessMessages()
    {
        var left = Math.Max(Dispatcher.Throughput, 1);
        var deadline = Dispatcher.ThroughputDeadlineTime is long ticks and > 0
            ? Clock + ticks
            : long.MaxValue;
        // Below Awaiting: open, neither suspended nor awaiting.
        while ((_status & ~Scheduled) == 0 && MessageQueue.TryDequeue(out var envelope))
        {
            _cell.Invoke(envelope);
            if (_system.HasMessages) ProcessSystemMessages();
            if (--left <= 0 || (deadline != long.MaxValue && Clock >= deadline)) return;
        }
    }

    private void ProcessSystemMessages()
    {
        for (var message = _system.TakeAll(); message is not null; message = _system.TakeAll())
        {
            while (message is not null)
            {
                var next = message.Next;
                message.Next = null;
                if (IsClosed) _cell.SystemImpl.Provider.DeadLetters.AsInternal().SendSystemMessage(message);
                else _cell.SystemInvoke(message);
                message = next;
            }
        }
    }
}
