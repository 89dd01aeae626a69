using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>What a <see cref="Group"/> hears. Whatever carries a <see cref="Ticket"/> is answered exactly once, by the
/// <see cref="GroupReply"/> that its comment names.</summary>
public abstract record GroupInput
{
    private GroupInput() { }

    /// <summary>Become a member, or take part in the next generation. Answered by <see cref="GroupReply.Joined"/>.</summary>
    /// <param name="MemberId">Empty when the caller has no id yet.</param>
    /// <param name="InstanceId"><c>group.instance.id</c> of a static member (KIP-345).</param>
    /// <param name="Protocols">What the member supports, best first.</param>
    /// <param name="NewMemberId">An id never used before, for the case that the member needs one.</param>
    /// <param name="MustKnowItsId">A newcomer is first given its id and must come back with it (JoinGroup v4, KIP-394).</param>
    /// <param name="MaySkipAssignment">The caller understands "you lead, but all keep theirs" (JoinGroup v9, KIP-814).</param>
    public sealed record Join(Ticket ReplyTo, string MemberId, string? InstanceId, string ClientId, string ClientHost,
        TimeSpan SessionTimeout, TimeSpan RebalanceTimeout, string ProtocolType, ImmutableArray<MemberProtocol> Protocols,
        string NewMemberId, bool MustKnowItsId, bool MaySkipAssignment) : GroupInput;

    /// <summary>Ask for the assignment, or, as leader, give everyone's. Answered by <see cref="GroupReply.Synced"/>.</summary>
    /// <param name="ProtocolType">What the caller thinks the group speaks; null: not said (before v5).</param>
    /// <param name="Protocol">As <paramref name="ProtocolType"/>, the chosen protocol.</param>
    public sealed record Sync(Ticket ReplyTo, string MemberId, string? InstanceId, int Generation, string? ProtocolType,
        string? Protocol, ImmutableArray<MemberAssignment> Assignments) : GroupInput;

    /// <summary>Answered by <see cref="GroupReply.Answered"/>.</summary>
    public sealed record Heartbeat(Ticket ReplyTo, string MemberId, string? InstanceId, int Generation) : GroupInput;

    /// <summary>Answered by <see cref="GroupReply.Left"/>, one result for each leaver, in order.</summary>
    public sealed record Leave(Ticket ReplyTo, ImmutableArray<Leaver> Leavers) : GroupInput;

    /// <param name="MemberId">Empty: whoever holds the instance id now (an administrator removes it).</param>
    public readonly record struct Leaver(string MemberId, string? InstanceId);

    /// <summary>Store offsets. Answered by <see cref="GroupReply.Committed"/>, one result for each commit, in order.</summary>
    /// <param name="Generation">-1 without group management: the caller assigned its partitions itself.</param>
    /// <param name="Retention">How long these offsets shall live (OffsetCommit v2-v4); null: as the broker is configured.</param>
    public sealed record CommitOffsets(Ticket ReplyTo, string MemberId, string? InstanceId, int Generation,
        TimeSpan? Retention, ImmutableArray<OffsetToCommit> Commits) : GroupInput;

    /// <summary>
    /// Forget offsets. Answered by <see cref="GroupReply.OffsetsDeleted"/>, a result for each of them, in order.
    /// </summary>
    public sealed record DeleteOffsets(Ticket ReplyTo, ImmutableArray<TopicPartition> Partitions) : GroupInput;

    /// <summary>Remove the group with all it holds. Answered by <see cref="GroupReply.Answered"/>.</summary>
    public sealed record Delete(Ticket ReplyTo) : GroupInput;

    /// <summary>These topics exist no more; neither do offsets in them. Not answered.</summary>
    public sealed record TopicsDeleted(ImmutableArray<string> Topics) : GroupInput;

    /// <summary>Look for offsets past their retention, as is done from time to time. Not answered.</summary>
    public sealed record ExpireOffsets : GroupInput;

    /// <summary>The group is no longer this coordinator's: everyone who waits is told so. Not answered.</summary>
    public sealed record Resign : GroupInput;

    /// <summary>A timer armed by <see cref="GroupEffect.ArmTimer"/> ran out.</summary>
    public sealed record TimerFired(GroupTimer Timer) : GroupInput;

    /// <summary>The records of <see cref="GroupEffect.Persist"/> are in the log for good, or there is an error.</summary>
    public sealed record Persisted(long Id, ErrorCode Error) : GroupInput;
}

/// <summary>A way to divide partitions that a member supports, with what it has to say to it (its subscription). Opaque to
/// the group, but for the protocol type "consumer": see <see cref="ConsumerSubscription"/>.</summary>
public readonly record struct MemberProtocol(string Name, ReadOnlyMemory<byte> Metadata);

/// <summary>What the leader gives to one member. Opaque.</summary>
public readonly record struct MemberAssignment(string MemberId, ReadOnlyMemory<byte> Assignment);

public readonly record struct OffsetToCommit(TopicPartition Partition, Offset Offset, Epoch LeaderEpoch, string? Metadata);
