using System.Collections.Immutable;
using System.Text;

namespace Akka.Cluster;

/// <summary>Members in a circle, each watched by some after it. The order is a hash's, so that neighbours in the circle are not
/// neighbours in the network; it is the same on all nodes.</summary>
/// <param name="Self">The node that asks.</param>
/// <param name="Nodes">In the order of the circle.</param>
/// <param name="Unreachable">Are watched, but don't count.</param>
/// <param name="Watched">How many reachable ones a node watches.</param>
internal sealed record HeartbeatRing(UniqueAddress Self, ImmutableArray<UniqueAddress> Nodes,
    IReadOnlySet<UniqueAddress> Unreachable, int Watched)
{
    private static readonly IComparer<UniqueAddress> Order = Comparer<UniqueAddress>.Create((a, b) =>
    {
        var order = Hash(a).CompareTo(Hash(b));
        return order != 0 ? order : a.CompareTo(b);
    });

    public static HeartbeatRing Of(UniqueAddress self, IEnumerable<UniqueAddress> nodes, IEnumerable<UniqueAddress> unreachable,
        int watched) => new(self, [.. nodes.Append(self).Distinct().Order(Order)], unreachable.ToHashSet(), watched);

    /// <summary>Those whom this node watches: the next ones in the circle, and unreachable ones between.</summary>
    public ImmutableSortedSet<UniqueAddress> Receivers => ReceiversOf(Self);

    public ImmutableSortedSet<UniqueAddress> ReceiversOf(UniqueAddress node)
    {
        var at = Nodes.IndexOf(node);
        var receivers = ImmutableSortedSet.CreateBuilder<UniqueAddress>();
        var reachable = 0;
        for (var i = 1; i < Nodes.Length && reachable < Watched; i++)
        {
            var next = Nodes[(at + i) % Nodes.Length];
            receivers.Add(next);
            if (!Unreachable.Contains(next)) reachable++;
        }
        return receivers.ToImmutable();
    }

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint Hash(UniqueAddress node)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(node.ToString())) hash = (hash ^ octet) * 16777619u;
        return hash;
    }
}
