using System.Collections.Immutable;

namespace ActorBroker.Core.Groups;

/// <summary>One consumer in a group: what it said when it joined, what it was given, and what it waits for.</summary>
internal sealed class Member(string id, string? instanceId)
{
    /// <summary>Changes only when another process takes over the static member.</summary>
    public string Id { get; private set; } = id;

    /// <summary><c>group.instance.id</c>; null for a dynamic member.</summary>
    public string? InstanceId { get; } = instanceId;

    public string ClientId { get; private set; } = "";

    public string ClientHost { get; private set; } = "";

    public TimeSpan SessionTimeout { get; private set; }

    public TimeSpan RebalanceTimeout { get; private set; }

    public ImmutableArray<MemberProtocol> Protocols { get; private set; } = [];

    public ReadOnlyMemory<byte> Assignment { get; set; }

    /// <summary>Its parked join, or none.</summary>
    public Ticket Joining { get; set; }

    /// <summary>Its parked sync, or none.</summary>
    public Ticket Syncing { get; set; }

    /// <summary>It has not yet seen a generation: while its first join is parked nothing else says that it lives.</summary>
    public bool IsNew { get; set; }

    /// <summary>It was told of this generation and has not synced yet.</summary>
    public bool OwesSync { get; set; }

    public bool IsStatic => InstanceId is not null;

    public bool IsParked => !Joining.IsNone || !Syncing.IsNone;

    public GroupTimer.Member Timer => new(Id);

    /// <summary>Takes over everything that a join says, but for the member's id.</summary>
    public void Refresh(GroupInput.Join join)
    {
        ClientId = join.ClientId;
        ClientHost = join.ClientHost;
        SessionTimeout = join.SessionTimeout;
        RebalanceTimeout = join.RebalanceTimeout;
        Protocols = join.Protocols;
    }

    public void TakeOver(string newId) => Id = newId;

    public bool Supports(string protocol)
    {
        foreach (var supported in Protocols)
            if (supported.Name == protocol) return true;
        return false;
    }

    public bool SaysTheSameAs(ImmutableArray<MemberProtocol> protocols)
    {
        if (protocols.Length != Protocols.Length) return false;
        for (var i = 0; i < protocols.Length; i++)
        {
            if (protocols[i].Name != Protocols[i].Name) return false;
            if (!protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata.Span)) return false;
        }
        return true;
    }

    /// <summary>What it said for a protocol; empty if it does not support it.</summary>
    public ReadOnlyMemory<byte> MetadataFor(string? protocol)
    {
        foreach (var supported in Protocols)
            if (supported.Name == protocol) return supported.Metadata;
        return default;
    }

    public static Member Restore(Records.StoredMember stored, string? protocol)
    {
        var member = new Member(stored.MemberId, stored.InstanceId)
        {
            ClientId = stored.ClientId,
            ClientHost = stored.ClientHost,
            SessionTimeout = stored.SessionTimeout,
            RebalanceTimeout = stored.RebalanceTimeout,
            Assignment = stored.Assignment,
        };
        if (protocol is not null) member.Protocols = [new MemberProtocol(protocol, stored.Subscription)];
        return member;
    }
}
