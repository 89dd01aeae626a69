using System.CommandLine;

namespace ActorBroker.Server.Commands;

/// <summary><c>cluster</c>: the brokers as a whole.</summary>
internal static class ClusterCommand
{
    public static Command Create(CommandIo io) => new("cluster", "Look at the cluster and its brokers, take a broker out")
    {
        ClusterStatus.Create(io),
        ClusterBrokers.Create(io),
        ClusterDecommission.Create(io),
    };
}
