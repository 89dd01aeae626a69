using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>What a group does once the log has answered.</summary>
internal abstract record PendingPersist
{
    /// <summary>The group became empty. Should that not be stored, whoever loads the group waits for its members in vain, and
    /// then finds it empty.</summary>
    public sealed record NobodyWaits : PendingPersist;

    public sealed record Assigned(int Generation, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Assignments) : PendingPersist;

    /// <summary>A static member has a new process, and with it a new id.</summary>
    public sealed record TakenOver(Ticket ReplyTo, string MemberId, GroupReply.Joined Answer) : PendingPersist;

    public sealed record Committed(Ticket ReplyTo, ImmutableArray<OffsetsRecord.OffsetCommitted> Commits,
        ImmutableArray<ErrorCode> Results) : PendingPersist;

    /// <param name="ReplyTo">None when nobody asked: they expired, or their topic is gone.</param>
    public sealed record OffsetsForgotten(Ticket ReplyTo, ImmutableArray<TopicPartition> Partitions,
        ImmutableArray<ErrorCode> Results) : PendingPersist;

    /// <param name="ReplyTo">None when nobody asked: the group was empty and its last offset expired.</param>
    /// <param name="EmptySince">To go back to, should the log refuse.</param>
    public sealed record GroupForgotten(Ticket ReplyTo, DateTimeOffset? EmptySince) : PendingPersist;
}
