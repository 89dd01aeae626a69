using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas;

/// <summary>What all replicas of a broker share.</summary>
internal sealed record ReplicaHome(
    BrokerId Broker, LocalReplicas Replicas, ILogHome Logs, FlushGroup Flushes, TimeProvider Time, ILogger Log)
{
    /// <summary>Copies from leaders: hears whom a replica follows (<see cref="Fetching.ReplicaFetchers"/>).</summary>
    public IActorRef Fetchers { get; init; } = ActorRefs.Nobody;

    /// <summary>Brings proposals of leaders to the controller (<see cref="InSyncProposals"/>).</summary>
    public IActorRef InSync { get; init; } = ActorRefs.Nobody;

    /// <summary>Tells the controller which replicas can't be served (<see cref="OfflineReplicas"/>).</summary>
    public IActorRef Offline { get; init; } = ActorRefs.Nobody;

    /// <summary>Is the broker there, as far as this one has heard? Others can't be in sync.</summary>
    public Func<BrokerId, bool> IsActive { get; init; } = static _ => true;

    /// <summary>Racks of the brokers that are there, where consumers are to read from the nearest replica
    /// (<c>replica.selector.class</c>); null: they read from the leader.</summary>
    public Func<BrokerId, string?>? RackOf { get; init; }

    /// <summary><c>replica.lag.time.max.ms</c>.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(30);
}
