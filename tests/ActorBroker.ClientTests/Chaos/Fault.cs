namespace ActorBroker.ClientTests.Chaos;

/// <summary>What befalls the cluster.</summary>
internal enum Fault
{
    KillLeader,
    KillController,
    KillCoordinator,
    KillAny,

    /// <summary>SIGSTOP for 15 s: longer than it takes to give its partitions other leaders. It comes back as a zombie.</summary>
    PauseLeader,

    /// <summary>All brokers one by one, each stopped in order.</summary>
    RollingRestart,
}
