using System.Collections.Immutable;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Groups.Records;

/// <summary>Value of a classic group, versions 0-4. v1 adds the rebalance timeout, v2 the time of the last change of state,
/// v3 the instance id; v4 is flexible.</summary>
internal static class GroupValueCodec
{
    private const short Written = 3;

    public static GroupMetadata Read(ref WireReader wire)
    {
        var version = wire.Int16();
        if (version is < 0 or > 4) throw new WireException($"Unknown version {version} of a group.");
        var flexible = version >= 4;
        var protocolType = wire.String(flexible);
        var generation = wire.Int32();
        var protocol = wire.NullableString(flexible);
        var leader = wire.NullableString(flexible);
        var changedAt = version >= 2 ? WireTime.Read(wire.Int64()) : null;
        var members = ImmutableArray.CreateBuilder<StoredMember>();
        for (var left = wire.ArrayLength(flexible); left > 0; left--) members.Add(ReadMember(ref wire, version, flexible));
        if (flexible) wire.SkipTags();
        return new(protocolType, generation, protocol, leader, changedAt, members.ToImmutable());
    }

    public static void Write(WireWriter wire, GroupMetadata group)
    {
        wire.Int16(Written);
        wire.String(group.ProtocolType, flexible: false);
        wire.Int32(group.Generation);
        wire.NullableString(group.Protocol, flexible: false);
        wire.NullableString(group.Leader, flexible: false);
        wire.Int64(WireTime.Write(group.StateChangedAt));
        wire.ArrayLength(group.Members.Length, flexible: false);
        foreach (var member in group.Members)
        {
            wire.String(member.MemberId, flexible: false);
            wire.NullableString(member.InstanceId, flexible: false);
            wire.String(member.ClientId, flexible: false);
            wire.String(member.ClientHost, flexible: false);
            wire.Int32((int)member.RebalanceTimeout.TotalMilliseconds);
            wire.Int32((int)member.SessionTimeout.TotalMilliseconds);
            wire.Bytes(member.Subscription.Span, flexible: false);
            wire.Bytes(member.Assignment.Span, flexible: false);
        }
    }

    private static StoredMember ReadMember(ref WireReader wire, short version, bool flexible)
    {
        var memberId = wire.String(flexible);
        var instanceId = version >= 3 ? wire.NullableString(flexible) : null;
        var clientId = wire.String(flexible);
        var clientHost = wire.String(flexible);
        var rebalanceTimeoutMs = version >= 1 ? wire.Int32() : (int?)null;
        var sessionTimeoutMs = wire.Int32();
        var subscription = wire.Bytes(flexible);
        var assignment = wire.Bytes(flexible);
        if (flexible) wire.SkipTags();
        return new(memberId, instanceId, clientId, clientHost, TimeSpan.FromMilliseconds(rebalanceTimeoutMs ?? sessionTimeoutMs),
            TimeSpan.FromMilliseconds(sessionTimeoutMs), subscription, assignment);
    }
}
