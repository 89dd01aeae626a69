using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Embedded;

/// <summary>
/// Tasks that a system gives away. What awaits them must not run within what ends them: it goes to the thread pool, or, in a
/// simulated system, becomes a piece of work of the world's one thread.
/// </summary>
internal static class Completion
{
    /// <summary>For the source of a task that is given away by <see cref="Seen{T}"/>.</summary>
    public static TaskCreationOptions Options(Settings settings) => OptionsOf(settings.IsSimulated);

    /// <inheritdoc cref="Options(Settings)"/>
    public static TaskCreationOptions Options(IScheduler scheduler) => OptionsOf(scheduler is ISingleThreadedScheduler);

    /// <summary>The task as others may see it.</summary>
    public static Task<T> Seen<T>(Task<T> task, Settings settings)
    {
        if (!settings.IsSimulated) return task;
        var seen = new TaskCompletionSource<T>();
        Then(task, settings, () => seen.SetFromTask(task));
        return seen.Task;
    }

    /// <summary>Runs <paramref name="action"/> when <paramref name="task"/> has ended, not within what ends it.</summary>
    public static void Then(Task task, Settings settings, Action action)
    {
        if (settings.IsSimulated)
            task.ContinueWith(_ => Schedule(settings, action), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else
            task.ContinueWith(_ => action(), CancellationToken.None,
                TaskContinuationOptions.RunContinuationsAsynchronously, TaskScheduler.Default);
    }

    /// <summary>Runs <paramref name="work"/> elsewhere than in the caller, which may be an actor.</summary>
    public static Task<T> Run<T>(Settings settings, Func<Task<T>> work)
    {
        if (!settings.IsSimulated) return Task.Run(work);
        var result = new TaskCompletionSource<T>();
        Schedule(settings, () => _ = RunAsync());
        return Seen(result.Task, settings);

        async Task RunAsync()
        {
            try
            {
                result.SetResult(await work().ConfigureAwait(false));
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        }
    }

    private static void Schedule(Settings settings, Action action) =>
        settings.System.Dispatchers.Lookup(Dispatchers.InternalDispatcherId).Schedule(action);

    private static TaskCreationOptions OptionsOf(bool oneThread) =>
        oneThread ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;
}
