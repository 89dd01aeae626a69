using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>What a <see cref="Group"/> answers.</summary>
public abstract record GroupReply
{
    private GroupReply() { }

    /// <param name="MemberId">The caller's; new with <see cref="ErrorCode.MemberIdRequired"/> or on a first join.</param>
    /// <param name="SkipAssignment">The caller leads, but everyone's assignment stands.</param>
    /// <param name="Members">Filled for the leader only.</param>
    public sealed record Joined(ErrorCode Error, int Generation, string? ProtocolType, string? Protocol, string Leader,
        string MemberId, bool SkipAssignment, ImmutableArray<JoinedMember> Members) : GroupReply
    {
        public static Joined Failed(ErrorCode error, string memberId) =>
            new(error, -1, null, null, "", memberId, SkipAssignment: false, []);
    }

    public readonly record struct JoinedMember(string MemberId, string? InstanceId, ReadOnlyMemory<byte> Metadata);

    public sealed record Synced(ErrorCode Error, string? ProtocolType, string? Protocol, ReadOnlyMemory<byte> Assignment) : GroupReply
    {
        public static Synced Failed(ErrorCode error) => new(error, null, null, default);
    }

    public sealed record Answered(ErrorCode Error) : GroupReply;

    /// <param name="Error">For the whole request; <paramref name="Results"/> is empty then.</param>
    public sealed record Left(ErrorCode Error, ImmutableArray<ErrorCode> Results) : GroupReply;

    public sealed record Committed(ImmutableArray<ErrorCode> Results) : GroupReply;

    /// <param name="Error">For the whole request; <paramref name="Results"/> is empty then.</param>
    public sealed record OffsetsDeleted(ErrorCode Error, ImmutableArray<ErrorCode> Results) : GroupReply;
}
