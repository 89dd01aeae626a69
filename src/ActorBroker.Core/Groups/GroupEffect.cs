using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;

namespace ActorBroker.Core.Groups;

/// <summary>What a <see cref="Group"/> asks its shell to do, in this order.</summary>
public abstract record GroupEffect
{
    private GroupEffect() { }

    public sealed record Reply(Ticket To, GroupReply Message) : GroupEffect;

    /// <summary>Append the records, all or none, after those of earlier ids; then say <see cref="GroupInput.Persisted"/>.
    /// Those that succeed do so in the order of their ids.</summary>
    public sealed record Persist(long Id, ImmutableArray<OffsetsRecord> Records) : GroupEffect;

    public sealed record ArmTimer(GroupTimer Timer, TimeSpan Delay) : GroupEffect;

    public sealed record CancelTimer(GroupTimer Timer) : GroupEffect;

    /// <summary>Nothing of the group is left, here or in the log. Whoever asks for it starts a new one.</summary>
    public sealed record Removed : GroupEffect;
}
