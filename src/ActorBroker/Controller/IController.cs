using ActorBroker.Core.Controller;

namespace ActorBroker.Controller;

/// <summary>The cluster's controller, wherever it is.</summary>
internal interface IController
{
    /// <summary>
    /// Has a command decided. When the task ends, what was decided is durable, and this broker's metadata shows it: a client
    /// that goes on from the answer finds the topic that it has just made.
    /// </summary>
    /// <exception cref="TimeoutException">No answer in time; whether the command took effect is unknown.</exception>
    Task<ClusterAnswer> AskAsync(ClusterCommand command, TimeSpan timeout);

    /// <inheritdoc cref="AskAsync(ClusterCommand, TimeSpan)"/>
    /// <typeparam name="TAnswer">The command's own answer.</typeparam>
    async Task<TAnswer> AskAsync<TAnswer>(ClusterCommand command, TimeSpan timeout)
        where TAnswer : ClusterAnswer => (TAnswer)await AskAsync(command, timeout).ConfigureAwait(false);
}
