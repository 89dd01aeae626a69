namespace Akka.Cluster.Tools.Singleton;

/// <summary>Marks what managers of a singleton say to each other.</summary>
public interface IClusterSingletonMessage;

/// <summary>Where a manager stands. Without leases, AcquiringLease is never reached; nor is TakeOver.</summary>
public enum ClusterSingletonState
{
    /// <summary>This node is not Up yet, as far as the manager knows.</summary>
    Start = 0,
    AcquiringLease = 1,

    /// <summary>The singleton runs here.</summary>
    Oldest = 2,

    /// <summary>There is an older member.</summary>
    Younger = 3,

    /// <summary>Oldest by now, but others may still run the singleton.</summary>
    BecomingOldest = 4,

    /// <summary>The singleton runs here, and waits for the next oldest to ask for it.</summary>
    WasOldest = 5,

    /// <summary>The singleton is being stopped for others.</summary>
    HandingOver = 6,
    TakeOver = 7,

    /// <summary>The singleton is being stopped because this node is out of the cluster.</summary>
    Stopping = 8,

    /// <summary>This node leaves, and will not run the singleton again.</summary>
    End = 9,
}
