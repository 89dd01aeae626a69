using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>
/// One leader for each epoch, and a high watermark that never goes back: not in one epoch as time goes by, nor from one epoch to
/// a later one, whoever is asked when. A leader that does not know yet that it is none may tell an old one.
/// </summary>
internal static class LeadershipChecker
{
    public static IEnumerable<Anomaly> Leaders(IEnumerable<LeaderSeen> seen) =>
        seen.GroupBy(s => (s.Partition, s.Epoch)).Select(leaders => leaders.OrderBy(s => s.Leader).ToList())
            .Where(leaders => leaders.Count > 1)
            .Select(leaders => new TwoLeaders(leaders[0].Partition, leaders[0].Epoch, leaders[0].Leader, leaders[1].Leader));

    public static IEnumerable<Anomaly> Ends(ImmutableArray<EndSeen> seen) =>
        seen.GroupBy(s => s.Partition).SelectMany(ofPartition =>
        {
            var (anomalies, before) = (new List<Anomaly>(), Offset.None);
            foreach (var term in ofPartition.GroupBy(s => s.Epoch).OrderBy(term => term.Key))
            {
                anomalies.AddRange(InTerm(term, before));
                before = Offset.Max(before, term.Select(s => s.Offset).Aggregate(Offset.Max));
            }
            return anomalies;
        });

    private static IEnumerable<Anomaly> InTerm(IEnumerable<EndSeen> term, Offset before)
    {
        var byEnd = term.OrderBy(s => s.EndedNs).ToList();
        var (ended, highest) = (0, before);
        foreach (var later in byEnd.OrderBy(s => s.StartedNs))
        {
            for (; ended < byEnd.Count && byEnd[ended].EndedNs < later.StartedNs; ended++)
                highest = Offset.Max(highest, byEnd[ended].Offset);
            if (later.Offset < highest) yield return new HighWatermarkWentBack(later.Partition, highest, later.Offset, later.Epoch);
        }
    }
}
