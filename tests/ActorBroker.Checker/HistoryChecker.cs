using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>
/// Finds all anomalies of a history. Pure: it knows neither how the history came about nor where it was written down.
/// </summary>
public static class HistoryChecker
{
    /// <exception cref="ArgumentException">Two records have the same value, so that nothing can be said about them.</exception>
    public static ImmutableArray<Anomaly> Check(History history)
    {
        var sent = new Dictionary<string, int>(history.Produced.Length);
        for (var i = 0; i < history.Produced.Length; i++)
            if (!sent.TryAdd(history.Produced[i].Value, i))
                throw new ArgumentException($"'{history.Produced[i].Value}' was sent twice.", nameof(history));
        return
        [
            .. history.Logs.SelectMany(log => LogChecker.Check(log, history.Produced, sent)),
            .. history.Logs.GroupBy(log => log.Partition).SelectMany(logs => Replicas([.. logs])),
            .. ConsumedChecker.Check(history),
            .. CommitChecker.Check(history.Commits),
            .. AssignmentChecker.Check(history.Planned, history.Told),
            .. LeadershipChecker.Leaders(history.Leaders),
            .. LeadershipChecker.Ends(history.Ends),
            .. history.InSync.SelectMany(p => p.Replicas.Except(p.InSync).Select(id => new NotInSync(p.Partition, id))),
        ];
    }

    /// <summary>
    /// Compares each replica with the longest, up to what any of them has shown; one anomaly for each that differs.
    /// </summary>
    private static IEnumerable<Anomaly> Replicas(ImmutableArray<ReplicaLog> logs)
    {
        var shown = logs.Max(log => log.HighWatermark);
        var reference = logs.MaxBy(log => log.End)!;
        foreach (var log in logs)
        {
            if (log.End < shown) yield return new EndsTooEarly(log.Broker, log.Partition, log.End, shown);
            if (log.Broker == reference.Broker) continue;
            var byOffset = log.Records.ToLookup(record => record.Offset);
            foreach (var record in reference.Records.TakeWhile(record => record.Offset < shown))
            {
                if (byOffset[record.Offset].All(other => other == record)) continue;
                yield return new Diverged(log.Partition, record.Offset, reference.Broker, log.Broker);
                break;
            }
        }
    }
}
