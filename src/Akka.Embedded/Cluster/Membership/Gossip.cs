using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>The state of the cluster, as nodes tell it each other.</summary>
/// <remarks>
/// A join-semilattice: members go up in rank only, a row of reachability up in version, tombstones stay. So merging in any order
/// ends in the same state, and states with the same <see cref="Version"/> are equal.
/// </remarks>
/// <param name="Members">By address.</param>
/// <param name="Seen">Who is known to have exactly this version.</param>
/// <param name="Reachability">Who does not reach whom.</param>
/// <param name="Version">Which changes this state has in it.</param>
/// <param name="Tombstones">Members that were removed, and when (milliseconds): they can't come back by old gossip.</param>
internal sealed record Gossip(ImmutableSortedSet<Member> Members, ImmutableSortedSet<UniqueAddress> Seen,
    Reachability Reachability, VectorClock Version, ImmutableSortedDictionary<UniqueAddress, long> Tombstones)
{
    public static readonly Gossip Empty = new([], [], Reachability.Empty, VectorClock.Create(),
        ImmutableSortedDictionary<UniqueAddress, long>.Empty);

    public static VectorClock.Node ClockOf(UniqueAddress node) => VectorClock.Node.Create(node.ToString());

    public Member? Find(UniqueAddress node) => Members.TryGetValue(Member.Removed(node), out var member) ? member : null;

    public bool Has(UniqueAddress node) => Find(node) is not null;

    public MemberStatus StatusOf(UniqueAddress node) => Find(node)?.Status ?? MemberStatus.Removed;

    public bool SeenBy(UniqueAddress node) => Seen.Contains(node);

    public Gossip SeenAlsoBy(UniqueAddress node) => SeenBy(node) ? this : this with { Seen = Seen.Add(node) };

    /// <summary>With these members in place of their former selves, or as new ones.</summary>
    public Gossip With(params IEnumerable<Member> changed)
    {
        var members = Members.ToBuilder();
        foreach (var member in changed)
        {
            members.Remove(member);
            members.Add(member);
        }
        return this with { Members = members.ToImmutable() };
    }

    /// <summary>Without these members, and nothing that was said by or of them.</summary>
    public Gossip Without(IReadOnlyCollection<UniqueAddress> removed, long nowMs) => this with
    {
        Members = Members.Except(removed.Select(Member.Removed)),
        Seen = Seen.Except(removed),
        Reachability = Reachability.Without(removed),
        Tombstones = Tombstones.SetItems(removed.Select(node => KeyValuePair.Create(node, nowMs))),
    };

    /// <summary>The state that has the changes of both. Nobody has seen it yet.</summary>
    public Gossip Merge(Gossip that)
    {
        var tombstones = Tombstones.ToBuilder();
        foreach (var (node, time) in that.Tombstones)
            if (!tombstones.TryGetValue(node, out var own) || own < time) tombstones[node] = time;
        var members = Members.ToBuilder();
        foreach (var member in that.Members)
        {
            if (!members.TryGetValue(member, out var own))
            {
                members.Add(member);
                continue;
            }
            members.Remove(own);
            members.Add(Member.HighestPriorityOf(own, member));
        }
        members.ExceptWith(tombstones.Keys.Select(Member.Removed));
        return new Gossip(members.ToImmutable(), [],
            Reachability.Merge(that.Reachability).Without(tombstones.Keys.ToHashSet()),
            Version.Merge(that.Version), tombstones.ToImmutable());
    }

    /// <summary>Forgets removed members after a while.</summary>
    public Gossip PruneTombstones(long removedBeforeMs)
    {
        var old = Tombstones.Where(t => t.Value < removedBeforeMs).Select(t => t.Key).ToList();
        return old.Count == 0 ? this : this with
        {
            Tombstones = Tombstones.RemoveRange(old),
            Version = old.Aggregate(Version, (version, node) => version.Prune(ClockOf(node))),
        };
    }

    /// <summary>Equal in all but who has seen it.</summary>
    public bool SameContent(Gossip that) => ReferenceEquals(this, that) || (Version == that.Version
        && Members.Count == that.Members.Count
        && Members.Zip(that.Members).All(pair => pair.First.Equals(pair.Second) && pair.First.Status == pair.Second.Status
            && pair.First.UpNumber == pair.Second.UpNumber)
        && Reachability.SameAs(that.Reachability) && Tombstones.SequenceEqual(that.Tombstones));
}
