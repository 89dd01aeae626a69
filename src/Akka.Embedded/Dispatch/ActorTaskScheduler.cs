using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Runs the pieces of an actor's async handlers in that actor, one at a time with its other work.</summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public object? CurrentMessage => _cell.CurrentMessage;
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an async action as (part of) the handling of the message in hand: the actor takes no further message
    /// until its task has ended, and fails if it fails.</summary>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("RunTask works inside of an actor only.");
        cell.RunAsyncHandler(asyncAction);
    }

    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    internal Task Start(Func<Task> handler)
    {
        // As a task of this scheduler, so that what comes after an await finds the way back here.
        var start = new Task<Task>(static h => ((Func<Task>)h!)(), handler);
        start.RunSynchronously(this);
        return start.IsCompletedSuccessfully ? start.Result : start;
    }

    internal void RunQueued(Task task) => Execute(task);

    protected override void QueueTask(Task task)
    {
        if (ActorCell.Current == _cell && (task.CreationOptions & TaskCreationOptions.LongRunning) == 0) Execute(task);
        else _cell.SendSystemMessage(new SysMsg.RunContinuation(this, task));
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ActorCell.Current == _cell && Execute(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    protected virtual void OnBeforeTaskStarted() { }
    protected virtual void OnAfterTaskCompleted() { }

    private bool Execute(Task task)
    {
        // On a sender's thread that has a context (a UI's, a test framework's), an await would go on there instead of here.
        var senders = SynchronizationContext.Current;
        if (senders is not null) SynchronizationContext.SetSynchronizationContext(null);
        OnBeforeTaskStarted();
        try
        {
            return TryExecuteTask(task);
        }
        finally
        {
            OnAfterTaskCompleted();
            if (senders is not null) SynchronizationContext.SetSynchronizationContext(senders);
        }
    }
}
