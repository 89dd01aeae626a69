using ActorBroker.Core.Controller;
using ActorBroker.Metadata;
using Akka.Actor;

namespace ActorBroker.Controller;

/// <summary>Asks the controller's actor, and waits until this broker's metadata has caught up with the answer.</summary>
internal sealed class ControllerClient(IActorRef controller, MetadataCache metadata, TimeProvider time) : IController
{
    public async Task<ClusterAnswer> AskAsync(ClusterCommand command, TimeSpan timeout)
    {
        var started = time.GetTimestamp();
        try
        {
            var decided = await controller.Ask<ControllerActor.Decided>(command, timeout).ConfigureAwait(false);
            var left = timeout - time.GetElapsedTime(started);
            await metadata.WhenAtLeastAsync(decided.Version).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time)
                .ConfigureAwait(false);
            return decided.Answer;
        }
        catch (AskTimeoutException e)
        {
            throw new TimeoutException($"The controller did not answer within {timeout.TotalSeconds:F1} s.", e);
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            throw new TimeoutException("The controller's journal failed, and with it the controller; it starts again.", e);
        }
    }
}
