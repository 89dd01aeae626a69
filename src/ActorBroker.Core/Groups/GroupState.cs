namespace ActorBroker.Core.Groups;

/// <summary>Where a group stands in its life. The names are Kafka's; clients see them.</summary>
public enum GroupState
{
    /// <summary>No members. May hold offsets, and is removed when it holds none.</summary>
    Empty,

    /// <summary>Waits for all members to join (again).</summary>
    PreparingRebalance,

    /// <summary>All have joined; waits for the assignment from the leader.</summary>
    CompletingRebalance,

    /// <summary>Every member can get its assignment.</summary>
    Stable,

    /// <summary>Removed, or no longer ours. Callers shall look for the coordinator again.</summary>
    Dead,
}
