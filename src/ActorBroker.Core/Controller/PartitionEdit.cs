using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What somebody wants to be changed in a partition; the rest follows from it
/// (<see cref="PartitionTransition"/>).</summary>
internal sealed record PartitionEdit(
    ImmutableArray<BrokerId> Replicas, ImmutableArray<BrokerId> Isr, ImmutableArray<BrokerId> Adding,
    ImmutableArray<BrokerId> Removing)
{
    /// <summary>Replicas whose storage has failed.</summary>
    public ImmutableArray<BrokerId> Offline { get; init; } = [];

    /// <summary>A replica that may have lost what it had; none: there is none.</summary>
    public BrokerId Forgetful { get; init; } = BrokerId.None;

    /// <summary>The leader starts a new term, even if it stays.</summary>
    public bool NewTerm { get; init; }

    /// <summary>The first replica shall lead, if it is in sync.</summary>
    public bool Preferred { get; init; }

    /// <summary>Any replica may lead, whatever it lacks, before there is no leader.</summary>
    public bool Unclean { get; init; }

    /// <summary>Nothing is asked for: only what follows from brokers and configs.</summary>
    public static PartitionEdit Of(PartitionImage p) =>
        new(p.Replicas, p.Isr, p.Adding, p.Removing) { Offline = p.Offline };

    /// <summary>One replica leaves the ISR.</summary>
    public static PartitionEdit Without(PartitionImage p, BrokerId replica) => Of(p) with { Isr = p.Isr.Remove(replica) };
}
