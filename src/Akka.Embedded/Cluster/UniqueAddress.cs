using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One incarnation of a system: its address, and the uid that it drew at its start.</summary>
public class UniqueAddress : IEquatable<UniqueAddress>, IComparable<UniqueAddress>, IComparable
{
    public UniqueAddress(Address address, int uid)
    {
        Address = address;
        Uid = uid;
    }

    public Address Address { get; }
    public int Uid { get; }

    public bool Equals(UniqueAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && Uid == other.Uid && Address.Equals(other.Address));

    public override bool Equals(object? obj) => obj is UniqueAddress other && Equals(other);
    public override int GetHashCode() => Uid;

    /// <summary>By address (host, port), then by uid.</summary>
    public int CompareTo(UniqueAddress? uniqueAddress)
    {
        if (uniqueAddress is null) return 1;
        var order = Member.AddressOrdering.Compare(Address, uniqueAddress.Address);
        return order != 0 ? order : Uid.CompareTo(uniqueAddress.Uid);
    }

    int IComparable.CompareTo(object? obj) => obj is UniqueAddress other
        ? CompareTo(other)
        : throw new ArgumentException($"Cannot compare {nameof(UniqueAddress)} with {obj?.GetType()}.", nameof(obj));

    public override string ToString() => $"{Address}#{Uid}";

    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) =>
        left is null ? right is null : left.Equals(right);
    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !(left == right);
}
