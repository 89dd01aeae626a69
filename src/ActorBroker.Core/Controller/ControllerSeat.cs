using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What is known of a broker's node.</summary>
public enum NodeReach
{
    /// <summary>It is about to come.</summary>
    Joins,

    /// <summary>Each node takes itself to be so.</summary>
    InReach,

    /// <summary>It is not answering, has been given up, or is let go.</summary>
    Lost,
}

/// <summary>A broker's node, as another one sees it.</summary>
/// <param name="IsFull">It has been let in for good, and has not been let go.</param>
public readonly record struct SeenNode(BrokerId Broker, NodeReach Reach, bool IsFull)
{
    public bool IsInReach => Reach == NodeReach.InReach;
}

/// <summary>
/// Where the controller runs: on the oldest node in reach, if a majority of the voters is in reach of it. So it moves when a node
/// is missed, long before the cluster gives that node up, and does not move when a node comes back, as that one is the
/// youngest.
/// </summary>
/// <remarks>Nodes with the same view agree on one. Views differ for a while, and in some splits for longer; then several start a
/// controller, and the voters see to it that only one of them decides anything (see
/// <see cref="Quorum.QuorumProposer"/>).</remarks>
public static class ControllerSeat
{
    /// <returns>The index of the node that is to run the controller; -1: none is.</returns>
    public static int HolderOf(ImmutableArray<SeenNode> oldestFirst, IEnumerable<BrokerId> voters)
    {
        var (count, inReach) = (0, 0);
        foreach (var voter in voters)
        {
            count++;
            if (oldestFirst.Any(node => node.Broker == voter && node.IsInReach)) inReach++;
        }
        if (inReach <= count / 2) return -1;
        for (var i = 0; i < oldestFirst.Length; i++)
            if (oldestFirst[i] is { IsInReach: true, IsFull: true }) return i;
        return -1;
    }
}
