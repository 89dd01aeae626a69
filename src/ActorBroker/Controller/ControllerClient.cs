using ActorBroker.Core.Controller;
using ActorBroker.Metadata;
using Akka.Actor;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>
/// Asks the controller's actor, wherever it is, and waits until this broker's metadata has caught up with the answer. What gets
/// no answer is asked again within the caller's time: messages between processes may be lost, and a controller may move.
/// </summary>
/// <param name="controller">The controller, or whoever knows where it is.</param>
/// <param name="incarnation">Of this broker's process.</param>
/// <param name="metadata">What this broker serves.</param>
/// <param name="retry">When to ask again; null: the controller is in this process, hence never.</param>
/// <param name="time">Measures the caller's time.</param>
internal sealed class ControllerClient(
    IActorRef controller, UInt128 incarnation, MetadataCache metadata, TimeSpan? retry, TimeProvider time) : IController
{
    private long _numbers;

    public async Task<ClusterAnswer> AskAsync(ClusterCommand command, TimeSpan timeout)
    {
        var started = time.GetTimestamp();
        var decided = await DecideAsync(command, timeout).ConfigureAwait(false);
        var left = timeout - time.GetElapsedTime(started);
        await metadata.WhenAtLeastAsync(decided.Version).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time)
            .ConfigureAwait(false);
        return decided.Answer;
    }

    /// <summary>Has a command decided, without waiting until this broker's metadata shows it.</summary>
    /// <inheritdoc cref="IController.AskAsync(ClusterCommand, TimeSpan)"/>
    public async Task<Decided> DecideAsync(ClusterCommand command, TimeSpan timeout)
    {
        var started = time.GetTimestamp();
        var request = new Request(incarnation, Interlocked.Increment(ref _numbers), command);
        while (true)
        {
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw new TimeoutException($"The controller did not answer within {timeout.TotalSeconds:F1} s.");
            switch (await TryAskAsync(request, retry < left ? retry.Value : left).ConfigureAwait(false))
            {
                case Decided decided: return decided;
                case Failed when retry is { } pause:
                    // Another controller starts; it may or may not find in the journal what this one could not store.
                    await Task.Delay(pause < left ? pause : left, time).ConfigureAwait(false);
                    break;
                case Failed failed:
                    throw new TimeoutException(
                        $"The controller's journal failed, and with it the controller; it starts again. {failed.Reason}");
            }
        }
    }

    /// <returns>Null: no answer in time.</returns>
    private async Task<object?> TryAskAsync(Request request, TimeSpan timeout)
    {
        try
        {
            return await controller.Ask<object>(request, timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
