using Xunit;
using Xunit.Sdk;

namespace Akka.TestKit.Extensions;

/// <summary>Expectations on tasks.</summary>
public static class TaskExtensions
{
    /// <returns>Did the task end, however it did, within the time?</returns>
    public static async Task<bool> AwaitWithTimeout(
        this Task parentTask, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = await Task.WhenAny(parentTask, Task.Delay(timeout, timer.Token)) == parentTask;
        await timer.CancelAsync();
        return ended;
    }

    /// <exception cref="TimeoutException">The task took longer.</exception>
    public static Task<T> WithTimeout<T>(
        this Task<T> parentTask, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        parentTask.WaitAsync(timeout, cancellationToken);

    public static async Task ShouldCompleteWithin(
        this Task task, TimeSpan timeout, string because = "", params object[] becauseArgs)
    {
        if (!await task.AwaitWithTimeout(timeout))
            throw new XunitException($"The task is not complete after {timeout}{Reason(because, becauseArgs)}.");
        await task;
    }

    public static async Task<T> ShouldCompleteWithin<T>(
        this Task<T> task, TimeSpan timeout, string because = "", params object[] becauseArgs)
    {
        await ((Task)task).ShouldCompleteWithin(timeout, because, becauseArgs);
        return await task;
    }

    public static async Task ShouldCompleteWithin<T>(
        this Task<T> task, T expected, TimeSpan timeout, string because = "", params object[] becauseArgs) =>
        Assert.Equal(expected, await task.ShouldCompleteWithin(timeout, because, becauseArgs));

    public static async Task<T> ShouldThrowWithin<T>(
        this Task task, TimeSpan timeout, string because = "", params object[] becauseArgs) where T : Exception =>
        await Assert.ThrowsAsync<T>(() => task.ShouldCompleteWithin(timeout, because, becauseArgs));

    private static string Reason(string because, object[] args) =>
        because.Length == 0 ? "" : " because " + string.Format(because, args);
}
