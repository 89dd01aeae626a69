using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>Who keeps one partition.</summary>
/// <param name="Replicas">All assigned replicas (AR), the preferred leader first. While they are being moved, the old ones are
/// among them.</param>
/// <param name="Isr">Replicas in sync. Empty when the last one is gone, which is then in <see cref="Elr"/>.</param>
/// <param name="Leader"><see cref="BrokerId.None"/> when no replica may lead.</param>
/// <param name="PartitionEpoch">Grows with every change of this record.</param>
public sealed record PartitionImage(
    int Index, ImmutableArray<BrokerId> Replicas, ImmutableArray<BrokerId> Isr, BrokerId Leader, Epoch LeaderEpoch,
    int PartitionEpoch)
{
    /// <summary>
    /// Eligible leader replicas (KIP-966): not in sync, but they hold all that is committed, because nothing has been committed
    /// since they fell out: the ISR is smaller than <c>min.insync.replicas</c>. Empty while it is not.
    /// </summary>
    public ImmutableArray<BrokerId> Elr { get; init; } = [];

    /// <summary>Replicas that a reassignment adds; each is done when it is in the ISR.</summary>
    public ImmutableArray<BrokerId> Adding { get; init; } = [];

    /// <summary>Replicas that go when the reassignment completes.</summary>
    public ImmutableArray<BrokerId> Removing { get; init; } = [];

    /// <summary>Who led last, while nobody does; else none.</summary>
    public BrokerId LastLeader { get; init; } = BrokerId.None;

    /// <summary>Replicas whose broker says that their storage has failed, until it says otherwise or registers again. They are
    /// neither in sync nor can they lead.</summary>
    public ImmutableArray<BrokerId> Offline { get; init; } = [];

    public bool IsMoving => !Adding.IsEmpty || !Removing.IsEmpty;

    /// <summary>A new partition: everyone is in sync, as there is nothing to copy; the first replica leads.</summary>
    public static PartitionImage New(int index, ImmutableArray<BrokerId> replicas) => New(index, replicas, replicas);

    /// <param name="isr">Replicas that are there to take part, in the order of <paramref name="replicas"/>.</param>
    public static PartitionImage New(int index, ImmutableArray<BrokerId> replicas, ImmutableArray<BrokerId> isr) =>
        new(index, replicas, isr, isr[0], Epoch.Zero, 0);
}
