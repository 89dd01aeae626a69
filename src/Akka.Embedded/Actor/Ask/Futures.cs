using Akka.Embedded;

namespace Akka.Actor;

/// <summary>Ask: a Tell whose answer completes a task.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Sends the message made for the reference to which the answer shall go.</summary>
    /// <exception cref="AskTimeoutException">By the task: no answer in time.</exception>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var provider = ProviderOf(self) ?? throw new ArgumentException("It belongs to no actor system.", nameof(self));
        // The answer comes on the thread of who gives it, which must not run what awaits it.
        var result = new TaskCompletionSource<T>(Completion.Options(provider.Settings));
        var asking = new FutureActorRef<T>(result, provider);

        var wait = timeout ?? provider.Settings.AskTimeout;
        if (wait != Timeout.InfiniteTimeSpan && wait > TimeSpan.Zero) GiveUpAfter(wait, provider.Settings.Time, result, asking);
        if (cancellationToken.CanBeCanceled) GiveUpOn(cancellationToken, result, asking);

        asking.DeliverAsk(messageFactory(asking), self);
        return Completion.Seen(result.Task, provider.Settings);
    }

    internal static IActorRefProvider? ProviderOf(ICanTell self) => self switch
    {
        ActorSelection selection => ProviderOf(selection.Anchor),
        IInternalActorRef actorRef => actorRef.Provider,
        _ => ActorCell.Current?.SystemImpl.Provider,
    };

    private static void GiveUpAfter<T>(TimeSpan wait, TimeProvider time, TaskCompletionSource<T> result,
        FutureActorRef<T> asking)
    {
        var timer = new CancellationTokenSource(wait, time);
        var registration = timer.Token.UnsafeRegister(_ =>
        {
            if (result.TrySetException(new AskTimeoutException($"No answer within {wait}."))) asking.End();
        }, null);
        result.Task.ContinueWith(_ =>
        {
            registration.Unregister();
            timer.Dispose();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static void GiveUpOn<T>(CancellationToken token, TaskCompletionSource<T> result, FutureActorRef<T> asking)
    {
        var registration = token.Register(() =>
        {
            if (result.TrySetCanceled(token)) asking.End();
        });
        result.Task.ContinueWith(_ => registration.Unregister(),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
