using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Controller.Quorum;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Quorum;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>Starts the controller: in a cluster on one of the brokers, see <see cref="ControllerNode"/>.</summary>
internal static class ControllerStart
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    /// <summary>Two that compete for the journal, each thinking that it is the only one, must not go on at the same
    /// pace.</summary>
    private static readonly TimeSpan RestartStep = TimeSpan.FromMilliseconds(100);
    private const int RestartSteps = 10;

    /// <summary>Starts this broker's copy of the controller's journal, if it is a voter.</summary>
    /// <param name="metadataFolder">Where the controller's data lie.</param>
    public static void StartVoter(ActorSystem system, BrokerParts parts, string metadataFolder)
    {
        var id = parts.Options.Id;
        if (parts.Options.Cluster.Voters.All(v => v.Id != id)) return;
        var environment = parts.Environment;
        if (ControllerStorage.MayBeLost(environment.Files, metadataFolder, parts.Directories))
        {
            // An empty journal in another directory could outvote the others with what it forgot.
            Log.VoterNotStarted(environment.Logging.CreateLogger<QuorumVoterActor>(), id);
            return;
        }
        system.ActorOf(
            QuorumVoterActor.Props(new VoterParts(
                id, environment.Files, ControllerStorage.QuorumIn(metadataFolder), environment.NewId,
                parts.Options.Cluster.QuorumLimits, environment.Time, environment.Logging.CreateLogger<QuorumVoterActor>())),
            QuorumVoterActor.Name);
    }

    /// <returns>Who takes requests to the controller, wherever it runs.</returns>
    public static IActorRef Start(ActorSystem system, BrokerParts parts)
    {
        var options = parts.Options;
        var controller = ControllerActor.Props(
            ControllerPolicy.From(options.Settings) with { Voters = [.. options.Cluster.Voters.Select(v => v.Id)] },
            // In a cluster another one may be able to read it, or this one later.
            cause =>
            {
                if (!options.Cluster.IsClustered) parts.StartFailed.Set(cause);
            },
            parts.Environment.Logging.CreateLogger<ControllerActor>());
        var cluster = options.Cluster;
        if (!cluster.IsClustered)
            return system.ActorOf(ControllerSupervisor.Props(new ControllerParts(controller, null, RestartDelay)), ControllerNode.Name);
        var supervisor = ControllerSupervisor.Props(new ControllerParts(
            controller, ProposerOf(system, parts), RestartDelay + (options.Id.Value % RestartSteps * RestartStep)));
        return system.ActorOf(
            ControllerNode.Props(new ControllerNodeParts(
                supervisor, BrokerWatch.Props(), [.. cluster.Voters.Select(v => v.Id)], cluster.HeartbeatInterval,
                cluster.Voters.ToImmutableDictionary(v => v.Id, v => PathOf(system, v, ControllerNode.Name)),
                other => GiveWay(system, parts, other), parts.Environment.Logging.CreateLogger<ControllerNode>())),
            ControllerNode.Name);
    }

    private static string PathOf(ActorSystem system, VoterAddress voter, string actor)
    {
        var self = Cluster.Get(system).SelfAddress;
        return $"{new Address(self.Protocol, self.System, voter.Host, voter.Port)}/user/{actor}";
    }

    /// <summary>A restart joins the other cluster, if the seed nodes are right by then.</summary>
    private static void GiveWay(ActorSystem system, BrokerParts parts, BrokerId other)
    {
        Log.TwoClusters(parts.Environment.Logging.CreateLogger<BrokerHost>(), other, parts.Options.Id);
        CoordinatedShutdown.Get(system).Run(TwoClustersReason.Instance);
    }

    private sealed class TwoClustersReason : CoordinatedShutdown.Reason
    {
        public static readonly TwoClustersReason Instance = new();
    }

    private static Props ProposerOf(ActorSystem system, BrokerParts parts)
    {
        var (cluster, environment) = (parts.Options.Cluster, parts.Environment);
        var voters = cluster.Voters.ToImmutableSortedDictionary(v => v.Id, v => v.Id == parts.Options.Id
            ? $"/user/{QuorumVoterActor.Name}"
            : PathOf(system, v, QuorumVoterActor.Name));
        return QuorumProposerActor.Props(new ProposerParts(
            parts.Options.Id, () => (long)(ulong)environment.NewId(), voters, cluster.QuorumRequestTimeout,
            cluster.QuorumElectionTimeout, cluster.QuorumLimits, environment.Time,
            environment.Logging.CreateLogger<QuorumProposerActor>())
        {
            Pool = environment.Pool,
        });
    }
}
