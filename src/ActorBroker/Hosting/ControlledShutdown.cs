using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>A broker that is about to stop first gives away what it leads, so that clients need not wait until it is
/// missed.</summary>
internal sealed class ControlledShutdown(BrokerParts parts, IController controller, ILogger log)
{
    /// <summary>How often it looks whether anybody can answer at all.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(ActorSystem system, long brokerEpoch)
    {
        var options = parts.Options.Cluster;
        if (!options.IsClustered || options.ShutdownRetries is not { } retries) return;
        var (id, cluster) = (parts.Options.Id, Cluster.Get(system));
        var command = new ClusterCommand.ChangeBroker(id, brokerEpoch, BrokerChange.Stop);
        for (var attempt = 0; ; attempt++)
        {
            var asked = controller.AskAsync<ClusterCommand.ChangeBroker.Answer>(command, options.ShutdownBackoff);
            if (!await WhileAnswerableAsync(asked, cluster).ConfigureAwait(false)) return;
            try
            {
                var answer = await asked.ConfigureAwait(false);
                if (!answer.Verdict.IsOk) Log.StopsAsLeader(log, id, answer.Verdict.Message ?? "");
                if (!answer.Verdict.IsOk || answer.Leads == 0) return;
                Log.StillLeads(log, id, answer.Leads);
            }
            catch (TimeoutException e)
            {
                Log.StopsAsLeader(log, id, e.Message);
                return;
            }
            if (attempt >= retries) return;
            var pause = Task.Delay(options.ShutdownBackoff, parts.Environment.Time);
            if (!await WhileAnswerableAsync(pause, cluster).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Waits for a task as long as there can be a controller: when a whole cluster stops, the last ones need not wait for
    /// one.</summary>
    /// <returns><c>false</c>: there is none.</returns>
    private async Task<bool> WhileAnswerableAsync(Task task, Cluster cluster)
    {
        using var looking = new PeriodicTimer(Look, parts.Environment.Time);
        while (!task.IsCompleted)
        {
            if (IsAlone(cluster))
            {
                Log.StopsAsLeader(log, parts.Options.Id, "a majority of controller.quorum.voters is out of reach.");
                return false;
            }
            await Task.WhenAny(task, looking.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>The cluster has given this node up, or it reaches no majority of the voters.</summary>
    private bool IsAlone(Cluster cluster)
    {
        if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Down or MemberStatus.Removed) return true;
        var state = cluster.State;
        var inReach = state.Members.Except(state.Unreachable).Where(member => member.Status != MemberStatus.Exiting)
            .Select(BrokerRole.Of).ToHashSet();
        var voters = parts.Options.Cluster.Voters;
        return voters.Count(voter => inReach.Contains(voter.Id)) <= voters.Length / 2;
    }
}
