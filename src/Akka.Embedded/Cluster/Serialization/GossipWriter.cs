using Akka.Cluster.Serialization.Wire;

namespace Akka.Cluster.Serialization;

/// <summary>Writes a state of the cluster.</summary>
internal sealed class GossipWriter
{
    private readonly GossipData _data = new();
    private readonly Dictionary<UniqueAddress, int> _places = [];

    public static GossipData Write(Gossip gossip)
    {
        var writer = new GossipWriter();
        writer.WriteAll(gossip);
        return writer._data;
    }

    public static IEnumerable<VersionData> Write(VectorClock version) =>
        version.Versions.Select(v => new VersionData { Node = v.Key.ToString(), Count = v.Value });

    private void WriteAll(Gossip gossip)
    {
        foreach (var member in gossip.Members)
        {
            _data.Members.Add(new MemberData
            {
                Node = PlaceOf(member.UniqueAddress),
                UpNumber = member.UpNumber,
                Status = (int)member.Status,
                Roles = { member.Roles.Order(StringComparer.Ordinal) },
                AppVersion = member.AppVersion.Version,
            });
        }
        _data.Seen.AddRange(gossip.Seen.Select(PlaceOf));
        foreach (var (observer, row) in gossip.Reachability.Rows)
        {
            _data.Reachability.Add(new ObserverData
            {
                Node = PlaceOf(observer),
                Version = row.Version,
                Subjects = { row.Subjects.Select(s => new SubjectData { Node = PlaceOf(s.Key), Status = (int)s.Value }) },
            });
        }
        _data.Versions.AddRange(Write(gossip.Version));
        foreach (var (node, removedMs) in gossip.Tombstones)
            _data.Tombstones.Add(new TombstoneData { Node = PlaceOf(node), RemovedMs = removedMs });
    }

    private int PlaceOf(UniqueAddress node)
    {
        if (_places.TryGetValue(node, out var place)) return place;
        _places.Add(node, place = _data.Nodes.Count);
        _data.Nodes.Add(Addresses.ToData(node));
        return place;
    }
}
