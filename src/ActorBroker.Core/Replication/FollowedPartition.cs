using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>One partition that a broker copies from another one.</summary>
public sealed class FollowedPartition(TopicId topic, int index, Epoch epoch, Offset next, Epoch lastEpoch)
{
    public TopicId Topic { get; } = topic;

    public int Index { get; } = index;

    /// <summary>The leader's term in which it is copied.</summary>
    public Epoch Epoch { get; } = epoch;

    /// <summary>The replica has all before it.</summary>
    public Offset Next { get; internal set; } = next;

    /// <summary>Of the replica's last record, for the leader to compare (KIP-595).</summary>
    public Epoch LastEpoch { get; internal set; } = lastEpoch;

    /// <summary>Where the replica's log starts.</summary>
    public Offset LogStart { get; set; } = Offset.Zero;

    /// <summary>It waits while the broker copies more than it may (<see cref="ReplicationQuota"/>).</summary>
    public bool IsThrottled { get; set; }

    internal FollowingStep Step { get; set; }

    internal TimeSpan RetryAt { get; set; }

    internal int Failures { get; set; }

    internal LinkedListNode<FollowedPartition>? Place { get; set; }
}

internal enum FollowingStep : byte
{
    /// <summary>It may be in the next request.</summary>
    Ready,

    /// <summary>It is in the request that is on its way.</summary>
    Asked,

    /// <summary>The replica has the answer and does what it says.</summary>
    Copying,
}

/// <summary>What a leader's answer means for a follower.</summary>
public enum FetchVerdict : byte
{
    /// <summary>It is about what has changed meanwhile.</summary>
    Outdated,

    /// <summary>Append what came, if any, and take over high watermark and log start.</summary>
    Append,

    /// <summary>The logs part ways before the offset: cut there.</summary>
    Cut,

    /// <summary>The leader's log starts behind, or ends before, the offset.</summary>
    OutOfRange,

    /// <summary>Ask again later. Where the leader's term is another one, the metadata will say so.</summary>
    Wait,
}
