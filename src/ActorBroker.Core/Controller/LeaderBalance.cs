using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Decides which replica of each partition comes first, so that every broker leads as many as every other.</summary>
/// <remarks>
/// It begins with the broker that leads least. Then, as long as there is a chain from a broker that leads two more than another
/// to that other, where each could hand a partition to the next, each does. What remains cannot be evened out. Where replicas are
/// spread evenly, leaders always can be, to within one.
/// </remarks>
internal static class LeaderBalance
{
    /// <param name="leads">Partitions of the topic that each broker leads already.</param>
    /// <param name="tieBreak">Where that is equal, the broker with less of this.</param>
    public static ImmutableArray<ImmutableArray<BrokerId>> Order(
        ImmutableArray<ImmutableArray<BrokerId>> replicas, Dictionary<BrokerId, int> leads, Dictionary<BrokerId, int> tieBreak)
    {
        var leaders = new BrokerId[replicas.Length];
        for (var i = 0; i < leaders.Length; i++)
        {
            leaders[i] = replicas[i].MinBy(b => (leads.GetValueOrDefault(b), tieBreak.GetValueOrDefault(b), b));
            leads[leaders[i]] = leads.GetValueOrDefault(leaders[i]) + 1;
            tieBreak[leaders[i]] = tieBreak.GetValueOrDefault(leaders[i]) + 1;
        }
        while (Improve(replicas, leaders, leads))
        {
        }
        return [.. replicas.Select((all, i) => all.Remove(leaders[i]).Insert(0, leaders[i]))];
    }

    private static bool Improve(
        ImmutableArray<ImmutableArray<BrokerId>> replicas, BrokerId[] leaders, Dictionary<BrokerId, int> leads)
    {
        var ledBy = new Dictionary<BrokerId, List<int>>();
        for (var i = 0; i < leaders.Length; i++)
            if (ledBy.TryGetValue(leaders[i], out var led)) led.Add(i);
            else ledBy[leaders[i]] = [i];
        var least = replicas.Length == 0 ? 0 : replicas.SelectMany(r => r).Distinct().Min(b => leads.GetValueOrDefault(b));
        foreach (var from in ledBy.Keys.Where(b => leads[b] >= least + 2).OrderByDescending(b => leads[b]).ThenBy(b => b))
            if (HandOn(from, replicas, leaders, leads, ledBy)) return true;
        return false;
    }

    /// <summary>Searches, breadth first, for a broker that leads two less than <paramref name="from"/>.</summary>
    private static bool HandOn(
        BrokerId from, ImmutableArray<ImmutableArray<BrokerId>> replicas, BrokerId[] leaders, Dictionary<BrokerId, int> leads,
        Dictionary<BrokerId, List<int>> ledBy)
    {
        var cameBy = new Dictionary<BrokerId, int> { [from] = -1 };
        var queue = new Queue<BrokerId>([from]);
        while (queue.TryDequeue(out var broker))
            foreach (var partition in ledBy.GetValueOrDefault(broker, []))
                foreach (var next in replicas[partition])
                {
                    if (!cameBy.TryAdd(next, partition)) continue;
                    if (leads.GetValueOrDefault(next) > leads[from] - 2)
                    {
                        queue.Enqueue(next);
                        continue;
                    }
                    leads[from]--;
                    leads[next] = leads.GetValueOrDefault(next) + 1;
                    for (var to = next; to != from;)
                    {
                        var handed = cameBy[to];
                        (leaders[handed], to) = (to, leaders[handed]);
                    }
                    return true;
                }
        return false;
    }
}
