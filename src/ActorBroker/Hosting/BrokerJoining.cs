using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>How a broker that starts gets into its cluster: finds it, registers, opens its logs, and is let serve.</summary>
internal sealed class BrokerJoining(BrokerParts parts, ControllerClient controller, ImmutableArray<BrokerEndpoint> endpoints)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(10); // Recovery reads logs, which may be large.

    private readonly BrokerOptions _options = parts.Options;
    private readonly ILogger _log = parts.Environment.Logging.CreateLogger<BrokerJoining>();

    /// <param name="foundId">The cluster's id in the data directories; null: they are new.</param>
    /// <param name="newId">The cluster's id, should this be the first broker of all.</param>
    /// <param name="stopped">Ends when there is no use in waiting any more.</param>
    /// <param name="registered">Told the broker's epoch as soon as it is known.</param>
    /// <exception cref="LogStorageException">The data are another cluster's, or the controller's journal can't be
    /// read.</exception>
    /// <exception cref="BrokerConfigException">The broker's id is taken.</exception>
    /// <returns>The cluster's id.</returns>
    public async Task<string> RunAsync(string? foundId, string newId, Task stopped, Action<long> registered)
    {
        // Before it registers: another cluster's broker must not take the place of one of this cluster's.
        var image = await UnlessStopped(parts.FirstImage.Task, stopped).ConfigureAwait(false);
        if (foundId is not null && image.ClusterId.Length > 0) CheckIs(foundId, image.ClusterId);
        var answer = await RegisterAsync(newId, stopped).ConfigureAwait(false);
        registered(answer.BrokerEpoch);
        if (foundId is not null) CheckIs(foundId, answer.ClusterId);
        parts.Directories.Join(answer.ClusterId);
        await UnlessStopped(LetServeAsync(), stopped).ConfigureAwait(false);
        return answer.ClusterId;
    }

    private void CheckIs(string found, string cluster)
    {
        if (found == cluster) return;
        throw new LogStorageException(LogStorageFailure.Directory, _options.Logs.Directories[0],
            $"The data directories are of cluster {found}, the controller's journal of {cluster}. Correct log.dirs.");
    }

    private async Task<ClusterCommand.RegisterBroker.Answer> RegisterAsync(string newId, Task stopped)
    {
        var time = parts.Environment.Time;
        var started = time.GetTimestamp();
        var hasLogged = false;
        while (true)
        {
            var command = new ClusterCommand.RegisterBroker(
                _options.Id, endpoints, _options.Rack, newId, parts.Incarnation, parts.Directories.ClosedInEpoch,
                IsFenced: _options.Cluster.IsClustered);
            // Who is refused waits in vain for metadata to be carried out.
            var decided = await UnlessStopped(controller.DecideAsync(command, StartTimeout), stopped).ConfigureAwait(false);
            var answer = (ClusterCommand.RegisterBroker.Answer)decided.Answer;
            if (answer.Verdict.IsOk) return answer;
            if (answer.Verdict.Error != ErrorCode.DuplicateBrokerRegistration
                || time.GetElapsedTime(started) > _options.Cluster.SessionTimeout)
                throw new BrokerConfigException([$"broker.id = {_options.Id}: {answer.Verdict.Message}"]);
            // Perhaps it is this broker's last process, and nobody has noticed yet that it is gone.
            if (!hasLogged) Log.WaitsForRival(_log, _options.Id, _options.Cluster.SessionTimeout);
            hasLogged = true;
            await Task.Delay(_options.Cluster.HeartbeatInterval, time).ConfigureAwait(false);
        }
    }

    /// <summary>Ends when the controller has seen that this broker is ready, and this broker has seen that.</summary>
    private async Task<bool> LetServeAsync()
    {
        while (true)
        {
            var image = parts.Metadata.Current;
            if (image.Brokers.TryGetValue(_options.Id, out var self) && self.Incarnation == parts.Incarnation && !self.IsFenced)
            {
                await parts.LetIn.Task.WaitAsync(StartTimeout, parts.Environment.Time).ConfigureAwait(false);
                await parts.Metadata.Lease.Begun.WaitAsync(StartTimeout, parts.Environment.Time).ConfigureAwait(false);
                return true;
            }
            await parts.Metadata.WhenAtLeastAsync(image.Version + 1).WaitAsync(StartTimeout, parts.Environment.Time)
                .ConfigureAwait(false);
        }
    }

    private async Task<T> UnlessStopped<T>(Task<T> task, Task stopped)
    {
        var failed = parts.StartFailed.Task;
        var first = await Task.WhenAny(task, failed, stopped).ConfigureAwait(false);
        if (first == task) return await task.ConfigureAwait(false);
        if (first == stopped)
            throw new OperationCanceledException("The broker was stopped before it was ready; its log says why.");
        var cause = await failed.ConfigureAwait(false);
        var folder = ControllerStorage.FolderIn(parts.Environment.Files, parts.Directories);
        throw new LogStorageException(
            LogStorageFailure.InputOutput, folder, $"The controller's journal in {folder} can't be read: {cause.Message}", cause);
    }
}
