using System.Collections.Immutable;
using Akka.Cluster.Serialization.Wire;
using Akka.Util;

namespace Akka.Cluster.Serialization;

/// <summary>Reads a state of the cluster.</summary>
internal sealed class GossipReader
{
    private readonly UniqueAddress[] _nodes;

    private GossipReader(GossipData data) => _nodes = [.. data.Nodes.Select(Addresses.ToNode)];

    /// <exception cref="ArgumentException">Not a state of a cluster.</exception>
    public static Gossip Read(GossipData? data)
    {
        if (data is null) throw new ArgumentException("There is no state.", nameof(data));
        return new GossipReader(data).ReadAll(data);
    }

    public static VectorClock ReadVersion(IEnumerable<VersionData> versions) => VectorClock.Create(
        versions.ToImmutableSortedDictionary(v => VectorClock.Node.FromHash(v.Node), v => v.Count));

    private Gossip ReadAll(GossipData data) => new(
        [.. data.Members.Select(ReadMember)],
        [.. data.Seen.Select(NodeAt)],
        new Reachability(data.Reachability.ToImmutableSortedDictionary(row => NodeAt(row.Node), ReadRow)),
        ReadVersion(data.Versions),
        data.Tombstones.ToImmutableSortedDictionary(t => NodeAt(t.Node), t => t.RemovedMs));

    private Member ReadMember(MemberData data) => Member.Create(NodeAt(data.Node), data.UpNumber,
        Enum.IsDefined((MemberStatus)data.Status) ? (MemberStatus)data.Status
            : throw new ArgumentException($"{data.Status} is no status.", nameof(data)),
        [.. data.Roles], AppVersion.Create(data.AppVersion));

    private Reachability.Row ReadRow(ObserverData row) => new(row.Version,
        row.Subjects.ToImmutableSortedDictionary(s => NodeAt(s.Node), s => s.Status switch
        {
            (int)ReachabilityStatus.Unreachable => ReachabilityStatus.Unreachable,
            (int)ReachabilityStatus.Terminated => ReachabilityStatus.Terminated,
            _ => throw new ArgumentException($"{s.Status} is no reachability.", nameof(row)),
        }));

    private UniqueAddress NodeAt(int place) => place >= 0 && place < _nodes.Length ? _nodes[place]
        : throw new ArgumentException($"There is no node {place}.", nameof(place));
}
