using ActorBroker.Core.Groups.Records;

namespace ActorBroker.Core.Groups;

/// <summary>When a committed offset is no longer worth keeping (KIP-211): not while someone consumes that topic, and not
/// before <c>offsets.retention.minutes</c> after someone last did.</summary>
internal readonly record struct OffsetsExpiry(GroupState State, string ProtocolType, DateTimeOffset? StateChangedAt,
    Subscriptions Subscriptions, TimeSpan Retention)
{
    public bool IsOver(string topic, CommittedOffset offset, DateTimeOffset now)
    {
        if (Subscriptions.Include(topic)) return false;
        if (offset.ExpiresAt is { } end) return now >= end;
        return State switch
        {
            // Since the group became empty, or since a later commit from outside it.
            GroupState.Empty when StateChangedAt > offset.CommittedAt => now >= StateChangedAt + Retention,
            GroupState.Empty => now >= offset.CommittedAt + Retention,
            GroupState.Stable when ProtocolType == ConsumerSubscription.ProtocolType => now >= offset.CommittedAt + Retention,
            _ => false, // In the midst of a rebalance, or a protocol whose subscriptions we can't read.
        };
    }
}

/// <summary>The topics that the members of a group subscribe to.</summary>
/// <param name="Topics">Null: they may be any.</param>
internal readonly record struct Subscriptions(IReadOnlySet<string>? Topics)
{
    public static readonly Subscriptions Unknown = new(null);
    public static readonly Subscriptions None = new(new HashSet<string>());

    public bool Include(string topic) => Topics is null || Topics.Contains(topic);
}
