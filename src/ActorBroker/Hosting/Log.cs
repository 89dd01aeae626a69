using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Configuration: {Warning}")]
    public static partial void ConfigWarning(ILogger log, string warning);

    [LoggerMessage(2, LogLevel.Information, "Broker {Broker} of cluster {Cluster} is ready on {Address} after {Elapsed}")]
    public static partial void Ready(ILogger log, Protocol.BrokerId broker, string cluster, string address, TimeSpan elapsed);

    [LoggerMessage(3, LogLevel.Information, "Broker {Broker} stops")]
    public static partial void Stopping(ILogger log, Protocol.BrokerId broker);

    [LoggerMessage(4, LogLevel.Information, "Broker {Broker} has stopped")]
    public static partial void Stopped(ILogger log, Protocol.BrokerId broker);

    [LoggerMessage(5, LogLevel.Critical, "{Part} failed and can't go on alone; the broker stops")]
    public static partial void PartFailed(ILogger log, ActorPath part);

    [LoggerMessage(6, LogLevel.Warning, "Replicas did not close their logs in time; the next start recovers them")]
    public static partial void ReplicasStayOpen(ILogger log);

    [LoggerMessage(7, LogLevel.Critical, "Another process, at {Endpoints}, is broker {Broker} now; this one stops")]
    public static partial void Replaced(ILogger log, Protocol.BrokerId broker, string endpoints);

    [LoggerMessage(8, LogLevel.Warning, "Another process is broker {Broker}; waiting {Timeout} for it to be gone")]
    public static partial void WaitsForRival(ILogger log, Protocol.BrokerId broker, TimeSpan timeout);

    [LoggerMessage(9, LogLevel.Information, "Broker {Broker} still leads {Partitions} partitions that others could lead")]
    public static partial void StillLeads(ILogger log, Protocol.BrokerId broker, int partitions);

    [LoggerMessage(11, LogLevel.Critical,
        "Broker {Other} has the same controller.quorum.voters, and is no node of this broker's cluster: two clusters were formed."
        + " Broker {Broker} stops; started again, it joins the other one, if akka.cluster.seed-nodes has the same nodes in the"
        + " same order everywhere")]
    public static partial void TwoClusters(ILogger log, Protocol.BrokerId other, Protocol.BrokerId broker);

    [LoggerMessage(12, LogLevel.Error,
        "Broker {Broker} does not take part in the controller's quorum: its copy of the journal may lie in a data directory that "
        + "can't be used")]
    public static partial void VoterNotStarted(ILogger log, Protocol.BrokerId broker);

    [LoggerMessage(10, LogLevel.Warning, "Broker {Broker} stops without having given away what it leads: {Reason}")]
    public static partial void StopsAsLeader(ILogger log, Protocol.BrokerId broker, string reason);
}
