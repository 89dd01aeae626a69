using Akka.Dispatch.SysMsg;
using Akka.Embedded;

namespace Akka.Actor;

/// <summary>Stops an actor and waits until it has stopped.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <exception cref="TaskCanceledException">By the task: it did not stop in time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var stopping = target.AsInternal();
        var (died, watcher) = DeathOf(stopping);
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            return (await died.WaitAsync(timeout, stopping.Provider.Settings.Time).ConfigureAwait(false)).ActorRef.Equals(target);
        }
        catch (TimeoutException)
        {
            stopping.SendSystemMessage(new Unwatch(stopping, watcher));
            watcher.End();
            throw new TaskCanceledException($"{target} did not stop within {timeout}.");
        }
    }

    internal static (Task<Terminated> Died, FutureActorRef<Terminated> Watcher) DeathOf(IInternalActorRef target)
    {
        var result = new TaskCompletionSource<Terminated>(Completion.Options(target.Provider.Settings));
        var watcher = new FutureActorRef<Terminated>(result, target.Provider);
        target.SendSystemMessage(new Watch(target, watcher));
        return (Completion.Seen(result.Task, target.Provider.Settings), watcher);
    }
}

/// <summary>Waits for an actor's death from outside of actors.</summary>
public static class WatchAsyncSupport
{
    /// <returns>True once it has stopped; false when <paramref name="token"/> came first.</returns>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        var watched = target.AsInternal();
        var (died, watcher) = GracefulStopSupport.DeathOf(watched);
        try
        {
            await died.WaitAsync(token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            watched.SendSystemMessage(new Unwatch(watched, watcher));
            watcher.End();
            return false;
        }
    }
}
