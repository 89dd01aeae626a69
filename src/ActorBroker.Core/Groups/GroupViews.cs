using System.Collections.Immutable;

namespace ActorBroker.Core.Groups;

/// <summary>A group as <c>DescribeGroups</c> shows it.</summary>
/// <param name="Protocol">The chosen one; empty while none is.</param>
public sealed record GroupDescription(string Group, GroupState State, string ProtocolType, string Protocol,
    ImmutableArray<MemberDescription> Members)
{
    /// <summary>What is said of a group that does not exist.</summary>
    public static GroupDescription Unknown(string group) => new(group, GroupState.Dead, "", "", []);
}

/// <param name="Metadata">Empty unless the group is stable, as is <paramref name="Assignment"/>.</param>
public sealed record MemberDescription(string MemberId, string? InstanceId, string ClientId, string ClientHost,
    ReadOnlyMemory<byte> Metadata, ReadOnlyMemory<byte> Assignment);

/// <summary>A group as <c>ListGroups</c> shows it.</summary>
public sealed record GroupListing(string Group, string ProtocolType, GroupState State);
