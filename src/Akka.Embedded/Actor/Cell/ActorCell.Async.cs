using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Async handlers: the mailbox is shut for ordinary messages until the handler's task has ended, and each piece
/// of the handler runs as a system message of this actor.</summary>
public partial class ActorCell
{
    private ActorTaskScheduler? _taskScheduler;
    private object? _awaitedBy; // The incarnation whose handler the mailbox waits for.

    public virtual ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    internal void RunAsyncHandler(Func<Task> handler)
    {
        var task = TaskScheduler.Start(handler);
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult(); // Throws the handler's own exception.
            return;
        }
        var incarnation = _awaitedBy = _actor;
        Mailbox.BeginAwait();
        task.ContinueWith(
            ended => SendSystemMessage(new HandlerEnded(incarnation, FailureOf(ended))),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                global::System.Threading.Tasks.TaskScheduler.Default);
    }

    private void AsyncHandlerEnded(HandlerEnded ended)
    {
        // A restart or stop may have come in between: the mailbox opens all the same, but an old failure is nobody's.
        Mailbox.EndAwait();
        var current = _awaitedBy == _actor && ended.Incarnation == _actor;
        _awaitedBy = null;
        if (current && ended.Failure is not null) Rethrow(ended.Failure);
        if (_receiveTimeout is not null) CheckReceiveTimeout();
        _current = default;
    }

    private static Exception? FailureOf(Task task) => task.IsFaulted
        ? task.Exception!.InnerExceptions.Count == 1 ? task.Exception.InnerException : task.Exception
        : task.IsCanceled ? new TaskCanceledException(task) : null;
}
