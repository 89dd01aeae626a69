using System.Collections.Immutable;

namespace Akka.Cluster;

/// <summary>How many changes of each node something has in it. Tells whether one thing has all of another's changes.</summary>
public sealed partial class VectorClock
{
    private static readonly VectorClock Empty = new(ImmutableSortedDictionary<Node, long>.Empty);

    private VectorClock(ImmutableSortedDictionary<Node, long> versions) => Versions = versions;

    public ImmutableSortedDictionary<Node, long> Versions { get; }

    public static VectorClock Create() => Empty;

    public static VectorClock Create(ImmutableSortedDictionary<Node, long> seedValues) => new(seedValues);

    /// <summary>With one change more of <paramref name="node"/>.</summary>
    public VectorClock Increment(Node node) => new(Versions.SetItem(node, Versions.GetValueOrDefault(node) + 1));

    /// <summary>With the changes of both.</summary>
    public VectorClock Merge(VectorClock that)
    {
        var merged = Versions.ToBuilder();
        foreach (var (node, version) in that.Versions)
            if (!merged.TryGetValue(node, out var own) || own < version) merged[node] = version;
        return new VectorClock(merged.ToImmutable());
    }

    /// <summary>Without what is known of a node that is gone.</summary>
    public VectorClock Prune(Node removedNode) =>
        Versions.ContainsKey(removedNode) ? new VectorClock(Versions.Remove(removedNode)) : this;

    /// <summary>Before: <paramref name="that"/> has all of this one's changes and more. Concurrent: each lacks some.</summary>
    public Ordering CompareTo(VectorClock that)
    {
        if (ReferenceEquals(this, that)) return Ordering.Same;
        var thisLacks = Lacks(this, that);
        var thatLacks = Lacks(that, this);
        return (thisLacks, thatLacks) switch
        {
            (false, false) => Ordering.Same,
            (true, false) => Ordering.Before,
            (false, true) => Ordering.After,
            _ => Ordering.Concurrent,
        };
    }

    public bool IsSameAs(VectorClock that) => CompareTo(that) == Ordering.Same;
    public bool IsBefore(VectorClock that) => CompareTo(that) == Ordering.Before;
    public bool IsAfter(VectorClock that) => CompareTo(that) == Ordering.After;
    public bool IsConcurrentWith(VectorClock that) => CompareTo(that) == Ordering.Concurrent;

    public override bool Equals(object? obj) => obj is VectorClock other && IsSameAs(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (node, version) in Versions)
        {
            hash.Add(node);
            hash.Add(version);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => $"VectorClock({string.Join(", ", Versions.Select(v => $"{v.Key} -> {v.Value}"))})";

    public static bool operator ==(VectorClock? left, VectorClock? right) =>
        left is null ? right is null : right is not null && left.IsSameAs(right);
    public static bool operator !=(VectorClock? left, VectorClock? right) => !(left == right);
    public static bool operator <(VectorClock left, VectorClock right) => left.IsBefore(right);
    public static bool operator >(VectorClock left, VectorClock right) => left.IsAfter(right);

    private static bool Lacks(VectorClock some, VectorClock other)
    {
        foreach (var (node, version) in other.Versions)
            if (some.Versions.GetValueOrDefault(node) < version) return true;
        return false;
    }
}
