using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What is asked about brokers.</summary>
public abstract partial record ClusterCommand
{
    /// <summary>A broker started: it gets an epoch, and its partitions get leaders. The first one also makes the
    /// cluster.</summary>
    /// <param name="NewClusterId">Name of the cluster, should this be the first broker.</param>
    /// <param name="Incarnation">Names this life of the process; registering again with it changes nothing. 0: not known.</param>
    /// <param name="PreviousEpoch">Its epoch when it was last stopped cleanly; -1: it was not, and may have lost what it had not
    /// flushed.</param>
    /// <param name="IsFenced">It is not ready to lead yet; <see cref="BrokerChange.Unfence"/> comes later.</param>
    /// <param name="RivalIsAlive">The shell still hears the process that is registered with this id.</param>
    public sealed record RegisterBroker(
        BrokerId Broker, ImmutableArray<BrokerEndpoint> Endpoints, string? Rack, string NewClusterId,
        UInt128 Incarnation = default, long PreviousEpoch = -1, bool IsFenced = false, bool RivalIsAlive = false)
        : ClusterCommand
    {
        public sealed record Answer(string ClusterId, long BrokerEpoch, Verdict Verdict = default) : ClusterAnswer;
    }

    /// <summary>Something about a registered broker changes.</summary>
    /// <param name="Epoch">Of the registration that is meant; a later one is left alone.</param>
    public sealed record ChangeBroker(BrokerId Broker, long Epoch, BrokerChange Change) : ClusterCommand
    {
        /// <param name="Leads">Partitions that it still leads, and that a broker that is there could lead once it has caught up. A
        /// broker that stops waits for these as long as it likes.</param>
        public sealed record Answer(Verdict Verdict, int Leads) : ClusterAnswer;
    }

    /// <summary>Moves all replicas away from a broker, for good: nothing new is placed on it.</summary>
    public sealed record DecommissionBroker(BrokerId Broker) : ClusterCommand
    {
        /// <param name="Moving">Partitions that are on their way.</param>
        public sealed record Answer(Verdict Verdict, int Moving) : ClusterAnswer;
    }

    /// <summary>Forgets a broker that is fenced and has no replicas.</summary>
    public sealed record UnregisterBroker(BrokerId Broker) : ClusterCommand
    {
        public sealed record Answer(Verdict Verdict) : ClusterAnswer;
    }
}

public enum BrokerChange : byte
{
    /// <summary>Nobody reaches it.</summary>
    Fence,

    /// <summary>It is ready.</summary>
    Unfence,

    /// <summary>It is about to stop (controlled shutdown), until it registers again.</summary>
    Stop,

    /// <summary>A decommission is called off. What was moved stays where it is.</summary>
    Undrain,
}
