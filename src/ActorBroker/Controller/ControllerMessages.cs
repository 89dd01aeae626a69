using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using Akka.Actor;

namespace ActorBroker.Controller;

/// <summary>What brokers and the controller tell each other, also between processes; see <see cref="ControllerSerializer"/>.
/// Besides these: metadata deltas and snapshots.</summary>
internal static class ControllerMessages
{
    /// <summary>A command, sent again with the same number until it is answered: the controller carries it out once.</summary>
    /// <param name="Asker">One life of one broker's process.</param>
    public sealed record Request(UInt128 Asker, long Number, ClusterCommand Command);

    /// <summary>The answer to a command.</summary>
    /// <param name="Number">Of the request.</param>
    /// <param name="Version">Of the first image that shows what was decided.</param>
    public sealed record Decided(long Number, ClusterAnswer Answer, long Version);

    /// <summary>The controller could not store what it decided, and stops; nothing is known of what became of it.</summary>
    public sealed record Failed(long Number, string Reason);

    /// <summary>
    /// Of a broker, now and then, and at once when it misses something: the sender follows the metadata. It hears
    /// <see cref="Current"/> and what it lacks; later, each change when it is durable.
    /// </summary>
    /// <param name="Incarnation">One life of the broker's process; see <see cref="ClusterCommand.RegisterBroker"/>.</param>
    /// <param name="Held">Version of the image that it has.</param>
    /// <param name="CarriedOut">Version of the image that its replicas are at.</param>
    /// <param name="HasGap">Something was lost on the way: what is missing is to be sent again.</param>
    public sealed record Follow(BrokerId Broker, UInt128 Incarnation, long Held, long CarriedOut, bool HasGap)
    {
        /// <summary>When, by the asker's own clock; it comes back with the answer.</summary>
        public long AskedAt { get; init; }
    }

    /// <summary>To a follower: the controller is there, and at this version.</summary>
    public sealed record Current(long Version)
    {
        /// <summary>Of the question.</summary>
        public long AskedAt { get; init; }
    }

    /// <summary>From one broker to another: are you there? It hears <see cref="Touched"/>.</summary>
    public sealed record Touch(long AskedAt);

    /// <param name="AskedAt">Of the question.</param>
    /// <param name="Version">Of the image that the broker has.</param>
    public sealed record Touched(BrokerId Broker, long AskedAt, long Version);

    /// <summary>From who watches the cluster's nodes, whenever they change. Not sent between processes.</summary>
    /// <param name="Self">Where this controller is.</param>
    /// <param name="Nodes">Of each broker id, the nodes that are up and can be reached; a broker that is not named has
    /// none.</param>
    /// <param name="Lost">Brokers that are known to be gone or out of reach. Of others that are not among the nodes nothing is
    /// known.</param>
    public sealed record BrokersInReach(
        Address Self, ImmutableDictionary<BrokerId, ImmutableHashSet<Address>> Nodes, ImmutableHashSet<BrokerId> Lost);

    /// <summary>To the nodes of voters that are not in the sender's cluster, which lacks a majority of them and so has no controller:
    /// are they in another one?</summary>
    /// <param name="Voters">That are in the sender's cluster.</param>
    public sealed record SeekCluster(ImmutableArray<BrokerId> Voters);

    /// <summary>They are, and the asker's cluster has to give in; see <see cref="Core.Quorum.TwoClusters"/>.</summary>
    /// <param name="Broker">Who answers.</param>
    public sealed record OtherCluster(BrokerId Broker);

    /// <summary>To all brokers, now and then and when it starts: the sender is the controller of an epoch. One of a higher
    /// epoch takes its place.</summary>
    public sealed record Leads(Epoch Epoch);
}
