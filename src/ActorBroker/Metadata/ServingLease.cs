using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Threads;

namespace ActorBroker.Metadata;

/// <summary>
/// Whether this broker may take itself for the leader of what its metadata say that it leads: the time until which
/// <see cref="BrokerLease"/> allows that. Read by every request, on any thread, for the price of a look at the clock, so that
/// even the first one notices that comes after the process stood still.
/// </summary>
internal sealed class ServingLease
{
    /// <summary>Of a broker that is alone: nobody can replace it.</summary>
    public static readonly ServingLease Always = new(BrokerId.None, TimeSpan.MaxValue, null);

    private readonly TimeProvider? _time;
    private readonly long _started;
    private readonly Promise<bool> _begun;
    private long _untilTicks = long.MinValue;

    /// <param name="self">Who holds it.</param>
    /// <param name="limit">How long an answer of the controller or of other brokers counts.</param>
    /// <param name="time">One that goes on while the process stands still.</param>
    /// <param name="pool">Where who awaits <see cref="Begun"/> goes on.</param>
    public ServingLease(BrokerId self, TimeSpan limit, TimeProvider? time, WorkPool? pool = null)
    {
        _begun = new Promise<bool>(pool);
        (Self, Limit, _time) = (self, limit, time);
        _started = time?.GetTimestamp() ?? 0;
        if (time is null) Publish(TimeSpan.MaxValue);
    }

    public BrokerId Self { get; }

    public TimeSpan Limit { get; }

    /// <summary>Is there anybody who could replace this broker?</summary>
    public bool CanEnd => _time is not null;

    public bool IsHeld => _time is null || Now.Ticks <= Volatile.Read(ref _untilTicks);

    /// <summary>Ends when it is held for the first time.</summary>
    public Task Begun => _begun.Task;

    public TimeSpan Now => _time?.GetElapsedTime(_started) ?? TimeSpan.Zero;

    /// <summary>Called by the one who runs <see cref="BrokerLease"/>.</summary>
    public void Publish(TimeSpan heldUntil)
    {
        Volatile.Write(ref _untilTicks, heldUntil.Ticks);
        if (IsHeld) _begun.Set(true);
    }

    /// <summary>Whom clients are told to ask; none, if that is nobody for now.</summary>
    public BrokerId LeaderOf(PartitionImage partition, MetadataImage image) =>
        image.IsServing(partition.Leader) && (partition.Leader != Self || IsHeld) ? partition.Leader : BrokerId.None;
}
