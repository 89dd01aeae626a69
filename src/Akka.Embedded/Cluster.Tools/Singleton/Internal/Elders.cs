using System.Collections.Immutable;

namespace Akka.Cluster.Tools.Singleton.Internal;

/// <summary>The members with a role that are or have been Up, oldest first, as one node knows them.</summary>
/// <param name="Role">Whom to count; null or empty: all.</param>
internal sealed record Elders(string? Role, ImmutableList<Member> ByAge)
{
    /// <summary>The oldest of those that stay: where a singleton belongs. One that leaves keeps it until it is Exiting.</summary>
    public Member? Oldest => ByAge.FirstOrDefault(m => MayRun(m.Status));

    public static Elders None(string? role) => new(role, []);

    public static Elders Of(string? role, IEnumerable<Member> members) => members.Aggregate(None(role), (all, m) => all.With(m));

    public static bool MayRun(MemberStatus status) => status is MemberStatus.Up or MemberStatus.Leaving;

    public Member? Find(UniqueAddress node) => ByAge.Find(m => m.UniqueAddress == node);

    /// <summary>Adds a member or its new status.</summary>
    public Elders With(Member member)
    {
        if (!Counts(member)) return this;
        var others = Without(member.UniqueAddress).ByAge;
        var at = others.FindIndex(member.IsOlderThan);
        return this with { ByAge = others.Insert(at < 0 ? others.Count : at, member) };
    }

    public Elders Without(UniqueAddress node) => this with { ByAge = ByAge.RemoveAll(m => m.UniqueAddress == node) };

    /// <summary>Those older than <paramref name="node"/>; all, if it isn't here.</summary>
    public IEnumerable<Member> Before(UniqueAddress node) => ByAge.TakeWhile(m => m.UniqueAddress != node);

    public bool HasRole(Member member) => string.IsNullOrEmpty(Role) || member.HasRole(Role);

    private bool Counts(Member member) =>
        HasRole(member) && member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Removed);
}
