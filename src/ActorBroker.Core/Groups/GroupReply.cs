using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>What a <see cref="Group"/> answers.</summary>
/// <param name="Error">For the whole request; lists of results are empty then.</param>
public abstract record GroupReply(ErrorCode Error)
{
    /// <param name="MemberId">The caller's; new with <see cref="ErrorCode.MemberIdRequired"/> or on a first join.</param>
    /// <param name="SkipAssignment">The caller leads, but everyone's assignment stands.</param>
    /// <param name="Members">Filled for the leader only.</param>
    public sealed record Joined(ErrorCode Error, int Generation, string? ProtocolType, string? Protocol, string Leader,
        string MemberId, bool SkipAssignment, ImmutableArray<JoinedMember> Members) : GroupReply(Error)
    {
        public static Joined Failed(ErrorCode error, string memberId) =>
            new(error, -1, null, null, "", memberId, SkipAssignment: false, []);
    }

    public readonly record struct JoinedMember(string MemberId, string? InstanceId, ReadOnlyMemory<byte> Metadata);

    public sealed record Synced(ErrorCode Error, string? ProtocolType, string? Protocol, ReadOnlyMemory<byte> Assignment)
        : GroupReply(Error)
    {
        public static Synced Failed(ErrorCode error) => new(error, null, null, default);
    }

    public sealed record Answered(ErrorCode Error) : GroupReply(Error);

    public sealed record Left(ErrorCode Error, ImmutableArray<ErrorCode> Results) : GroupReply(Error);

    public sealed record Committed(ErrorCode Error, ImmutableArray<ErrorCode> Results) : GroupReply(Error);

    public sealed record OffsetsDeleted(ErrorCode Error, ImmutableArray<ErrorCode> Results) : GroupReply(Error);

    /// <summary>What a shell answers that has no group to ask: it loads, or the group is another broker's.</summary>
    public sealed record Refused(ErrorCode Error) : GroupReply(Error);
}
