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
    public async Task RunAsync(ActorSystem system, long brokerEpoch)
    {
        var options = parts.Options.Cluster;
        if (!options.IsClustered || options.ShutdownRetries is not { } retries || IsOut(Cluster.Get(system))) return;
        var id = parts.Options.Id;
        var command = new ClusterCommand.ChangeBroker(id, brokerEpoch, BrokerChange.Stop);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var answer = await controller.AskAsync<ClusterCommand.ChangeBroker.Answer>(command, options.ShutdownBackoff)
                    .ConfigureAwait(false);
                if (!answer.Verdict.IsOk) Log.StopsAsLeader(log, id, answer.Verdict.Message ?? "");
                var others = parts.Metadata.Current.Brokers.Values.Any(b => b.Id != id && b.IsActive);
                if (!answer.Verdict.IsOk || answer.Leads == 0 || !others) return;
                Log.StillLeads(log, id, answer.Leads);
            }
            catch (TimeoutException e)
            {
                Log.StopsAsLeader(log, id, e.Message);
                return;
            }
            if (attempt >= retries) return;
            await Task.Delay(options.ShutdownBackoff, parts.Environment.Time).ConfigureAwait(false);
        }
    }

    /// <summary>The cluster has given this node up; there is nobody to ask.</summary>
    private static bool IsOut(Cluster cluster) =>
        cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Down or MemberStatus.Removed;
}
