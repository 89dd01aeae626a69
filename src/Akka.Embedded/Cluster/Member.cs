using System.Collections.Immutable;
using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>A member of the cluster as it is at some moment. Two are equal if they are the same incarnation of a node.</summary>
public class Member : IComparable<Member>, IComparable
{
    /// <summary>By host, then by port.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(CompareAddresses);

    /// <summary>The oldest first.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(static (a, b) =>
        a.Equals(b) ? 0 : a.IsOlderThan(b) ? -1 : 1);

    private Member(UniqueAddress uniqueAddress, int upNumber, MemberStatus status, ImmutableHashSet<string> roles,
        AppVersion appVersion)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
        AppVersion = appVersion;
    }

    public UniqueAddress UniqueAddress { get; }
    public Address Address => UniqueAddress.Address;
    public MemberStatus Status { get; }
    public ImmutableHashSet<string> Roles { get; }
    public AppVersion AppVersion { get; }

    /// <summary>The how-manieth to become Up; <see cref="int.MaxValue"/> before.</summary>
    internal int UpNumber { get; }

    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Has it been Up for longer? Of members that aren't yet, the lower address counts as older.</summary>
    public bool IsOlderThan(Member other) => UpNumber == other.UpNumber
        ? AddressOrdering.Compare(Address, other.Address) < 0
        : UpNumber < other.UpNumber;

    /// <summary>The same member, further on.</summary>
    /// <exception cref="InvalidOperationException">No member goes from here to there.</exception>
    public Member Copy(MemberStatus status) => status == Status ? this
        : MemberStatusRules.MayFollow(Status, status) ? new Member(UniqueAddress, UpNumber, status, Roles, AppVersion)
        : throw new InvalidOperationException($"{this} can't become {status}.");

    /// <summary>The same member, Up as the <paramref name="upNumber"/>th.</summary>
    public Member CopyUp(int upNumber) =>
        new Member(UniqueAddress, upNumber, Status, Roles, AppVersion).Copy(MemberStatus.Up);

    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);
    public override int GetHashCode() => UniqueAddress.GetHashCode();
    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    int IComparable.CompareTo(object? obj) => obj is Member other
        ? CompareTo(other)
        : throw new ArgumentException($"Cannot compare {nameof(Member)} with {obj?.GetType()}.", nameof(obj));

    public override string ToString() => $"Member({UniqueAddress}, {Status}"
        + (Roles.Count == 0 ? ")" : $", roles: {string.Join(", ", Roles.Order(StringComparer.Ordinal))})");

    /// <summary>Of two views of one member, the one that is further on; of two alike, the older.</summary>
    public static Member HighestPriorityOf(Member m1, Member m2) => m1.Status == m2.Status
        ? m1.UpNumber <= m2.UpNumber ? m1 : m2
        : MemberStatusRules.Rank(m1.Status) > MemberStatusRules.Rank(m2.Status) ? m1 : m2;

    internal static Member Create(UniqueAddress uniqueAddress, int upNumber, MemberStatus status,
        ImmutableHashSet<string> roles, AppVersion appVersion) => new(uniqueAddress, upNumber, status, roles, appVersion);

    /// <summary>A newcomer.</summary>
    internal static Member Joining(UniqueAddress uniqueAddress, ImmutableHashSet<string> roles, AppVersion appVersion) =>
        new(uniqueAddress, int.MaxValue, MemberStatus.Joining, roles, appVersion);

    /// <summary>One that isn't in the cluster.</summary>
    internal static Member Removed(UniqueAddress uniqueAddress) =>
        new(uniqueAddress, int.MaxValue, MemberStatus.Removed, [], AppVersion.Zero);

    private static int CompareAddresses(Address a, Address b)
    {
        if (ReferenceEquals(a, b)) return 0;
        var order = string.CompareOrdinal(a.Host ?? "", b.Host ?? "");
        if (order == 0) order = (a.Port ?? 0).CompareTo(b.Port ?? 0);
        return order != 0 ? order : a.CompareTo(b);
    }
}
