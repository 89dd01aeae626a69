using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What a node's membership hears of, besides the messages of others.</summary>
internal abstract record CoreInput
{
    public sealed record JoinTo(Address Address) : CoreInput;
    public sealed record JoinSeedNodes(IReadOnlyList<Address> SeedNodes) : CoreInput;

    /// <summary>Seed nodes that have not answered are to be asked again soon, while it is not yet decided to go alone.</summary>
    public sealed record SeedTick : CoreInput;

    /// <summary>Seed nodes have had their time.</summary>
    public sealed record SeedTimeout : CoreInput;

    /// <summary>The node that was asked to let us in has had its time.</summary>
    public sealed record JoinTimeout : CoreInput;

    /// <summary>Another system takes nothing of this one any more.</summary>
    public sealed record QuarantinedBy(Address Address) : CoreInput;

    public sealed record Leave(Address Address) : CoreInput;
    public sealed record Down(Address Address) : CoreInput;

    /// <summary>The rest of the system has done what it does before a node leaves.</summary>
    public sealed record ExitingCompleted : CoreInput;

    /// <param name="Roll">Random, 0 to 1: whether a node is preferred that may not have seen the state.</param>
    /// <param name="Pick">Random, 0 to 1: which node it is.</param>
    public sealed record GossipTick(double Roll, double Pick) : CoreInput;

    /// <param name="NowMs">Wall-clock time, for tombstones.</param>
    public sealed record LeaderTick(long NowMs) : CoreInput;

    /// <param name="IsAvailable">What the failure detector says of a node.</param>
    public sealed record Reap(Func<Address, bool> IsAvailable) : CoreInput;
}

/// <summary>What a node's membership wants done.</summary>
internal abstract record CoreEffect
{
    public sealed record Send(Address To, IClusterMessage Message) : CoreEffect;

    /// <summary>The state is another one now.</summary>
    public sealed record Publish(MembershipState State) : CoreEffect;

    /// <summary>Gossip out of turn: so many ticks, now.</summary>
    public sealed record GossipNow(int Times) : CoreEffect;

    /// <summary>What the failure detector knows of this address was of an earlier node.</summary>
    public sealed record Forget(Address Address) : CoreEffect;

    /// <summary>This node was removed, and is to hear of that by remoting.</summary>
    public sealed record Quarantine(UniqueAddress Node) : CoreEffect;

    /// <summary>Search for seed nodes: ticks and timeouts are wanted until it stops.</summary>
    public sealed record StartSearch : CoreEffect;
    public sealed record StopSearch : CoreEffect;

    /// <summary>A node was asked to let us in; a <see cref="CoreInput.JoinTimeout"/> is wanted in time.</summary>
    public sealed record AwaitWelcome : CoreEffect;

    /// <summary>This node is a member.</summary>
    public sealed record Joined : CoreEffect;

    /// <summary>This node is Exiting: the rest of the system is to finish.</summary>
    public sealed record Exit : CoreEffect;

    /// <summary>This node's part in the cluster has ended.</summary>
    public sealed record ShutDown : CoreEffect;

    public sealed record Log(string Text, bool IsWarning = false) : CoreEffect;
}

/// <summary>The settings that rules of membership go by.</summary>
/// <param name="MinNrOfMembers">No newcomer becomes Up before there are so many.</param>
/// <param name="MinNrOfMembersOfRole">The same by role.</param>
/// <param name="WeaklyUpAfterTicks">How many leader ticks without convergence; null: never.</param>
/// <param name="DifferentViewProbability">How likely gossip prefers those who have not seen the state.</param>
/// <param name="ReduceDifferentViewAbove">With more members than this, less likely.</param>
/// <param name="TombstonesKeptMs">How long removed members are remembered.</param>
internal sealed record CoreRules(int MinNrOfMembers, IReadOnlyDictionary<string, int> MinNrOfMembersOfRole,
    int? WeaklyUpAfterTicks, double DifferentViewProbability, int ReduceDifferentViewAbove, long TombstonesKeptMs)
{
    public static CoreRules From(ClusterSettings settings) => new(settings.MinNrOfMembers, settings.MinNrOfMembersOfRole,
        settings.AllowWeaklyUpMembers ? (int)Math.Ceiling(settings.WeaklyUpAfter / settings.LeaderActionsInterval) : null,
        settings.GossipDifferentViewProbability, settings.ReduceGossipDifferentViewProbability,
        (long)settings.TombstonesKeptFor.TotalMilliseconds);
}
