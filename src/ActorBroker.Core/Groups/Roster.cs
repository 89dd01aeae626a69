using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ActorBroker.Core.Groups;

/// <summary>The members of a group in the order in which they first joined, and who of them leads.</summary>
/// <remarks>There is a leader exactly while there are members. An instance id belongs to one member.</remarks>
internal sealed class Roster : IEnumerable<Member>
{
    private readonly OrderedDictionary<string, Member> _members = [];
    private readonly Dictionary<string, Member> _byInstance = [];

    /// <summary>Ids given to newcomers who must come back with them; not members yet.</summary>
    public HashSet<string> Pending { get; } = [];

    public Member? Leader { get; private set; }

    public int Count => _members.Count;

    public bool IsEmpty => _members.Count == 0;

    public int JoinedCount => _members.Values.Count(member => !member.Joining.IsNone);

    /// <summary>Nobody is awaited any more: every member has a join parked, and no newcomer is on its way.</summary>
    public bool AllJoined => Pending.Count == 0 && JoinedCount == Count;

    public TimeSpan MaxRebalanceTimeout => IsEmpty ? TimeSpan.Zero : _members.Values.Max(member => member.RebalanceTimeout);

    public Member this[string memberId] => _members[memberId];

    public bool Contains(string memberId) => _members.ContainsKey(memberId);

    public bool TryGet(string memberId, [NotNullWhen(true)] out Member? member) => _members.TryGetValue(memberId, out member);

    public bool TryGetInstance(string instanceId, [NotNullWhen(true)] out Member? member) =>
        _byInstance.TryGetValue(instanceId, out member);

    public void Add(Member member)
    {
        Invariant.Holds(!_members.ContainsKey(member.Id));
        _members.Add(member.Id, member);
        if (member.InstanceId is { } instance) _byInstance.Add(instance, member);
        Pending.Remove(member.Id);
        Leader ??= member;
    }

    public void Remove(Member member)
    {
        Invariant.Holds(_members.Remove(member.Id));
        if (member.InstanceId is { } instance) _byInstance.Remove(instance);
        if (Leader == member) Leader = IsEmpty ? null : _members.GetAt(0).Value;
    }

    /// <summary>Another process is this static member from now on: same place, same leadership, another id.</summary>
    public void Replace(Member member, string newId)
    {
        var place = _members.IndexOf(member.Id);
        _members.RemoveAt(place);
        member.TakeOver(newId);
        _members.Insert(place, newId, member);
    }

    public void Lead(string memberId)
    {
        if (_members.TryGetValue(memberId, out var member)) Leader = member;
    }

    /// <summary>Sees to it that the leader is one that joined.</summary>
    /// <returns>False when nobody did: all are static members that stay away.</returns>
    public bool ElectJoinedLeader()
    {
        if (Leader is { Joining.IsNone: false }) return true;
        if (_members.Values.FirstOrDefault(member => !member.Joining.IsNone) is not { } joined) return false;
        Leader = joined;
        return true;
    }

    /// <summary>Would there still be a protocol that all support, if someone with these came?</summary>
    public bool ShareOneOf(ImmutableArray<MemberProtocol> protocols) =>
        protocols.Any(protocol => _members.Values.All(member => member.Supports(protocol.Name)));

    /// <summary>Each member votes for the first of its protocols that all support; most votes win. With equal votes the
    /// leader's preference decides, so that the choice does not rest on the order of a hash table.</summary>
    public string ChooseProtocol()
    {
        Invariant.Holds(Leader is not null);
        var candidates = Leader!.Protocols.Select(protocol => protocol.Name)
            .Where(name => _members.Values.All(member => member.Supports(name))).Distinct().ToList();
        Invariant.Holds(candidates.Count > 0);
        var votes = _members.Values.CountBy(member => member.Protocols.First(protocol => candidates.Contains(protocol.Name)).Name)
            .ToDictionary();
        return candidates.MaxBy(name => votes.GetValueOrDefault(name))!;
    }

    public IEnumerator<Member> GetEnumerator() => _members.Values.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
