using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>Holds one replica's log against what was sent and acknowledged.</summary>
internal static class LogChecker
{
    /// <param name="log">What the replica has.</param>
    /// <param name="produced">In the order of sending.</param>
    /// <param name="sent">The place of each value in <paramref name="produced"/>.</param>
    public static IEnumerable<Anomaly> Check(
        ReplicaLog log, ImmutableArray<ProduceAttempt> produced, Dictionary<string, int> sent) =>
        Shape(log).Concat(Content(log, produced, sent)).Concat(Acknowledged(log, produced));

    private static IEnumerable<Anomaly> Shape(ReplicaLog log)
    {
        var (next, epoch) = (log.Start, Epoch.None);
        foreach (var record in log.Records)
        {
            if (record.Offset != next) yield return new NotDense(log.Broker, log.Partition, next, record.Offset);
            if (record.Epoch < epoch) yield return new EpochWentBack(log.Broker, log.Partition, record.Offset);
            (next, epoch) = (record.Offset + 1, record.Epoch);
        }
    }

    /// <summary>
    /// Duplicates, and the order of each key: a record may be missing that was never acknowledged, none may overtake.
    /// </summary>
    private static IEnumerable<Anomaly> Content(
        ReplicaLog log, ImmutableArray<ProduceAttempt> produced, Dictionary<string, int> sent)
    {
        var seen = new Dictionary<string, Offset>();
        var lastOfKey = new Dictionary<string, int>();
        foreach (var record in log.Records)
        {
            if (record.IsControl) continue;
            if (record.Value is null || !sent.TryGetValue(record.Value, out var place) || produced[place].Key != record.Key)
            {
                yield return new NeverSent(log.Broker, log.Partition, record.Offset, record.Value);
                continue;
            }
            var attempt = produced[place];
            if (!seen.TryAdd(attempt.Value, record.Offset))
            {
                if (attempt.IsIdempotent)
                    yield return new Duplicate(log.Broker, log.Partition, attempt.Value, seen[attempt.Value], record.Offset);
                continue;
            }
            // Without idempotence a retry may overtake, so there only the records of idempotent producers have an order.
            if (!attempt.IsIdempotent) continue;
            if (lastOfKey.TryGetValue(attempt.Key, out var last) && last > place)
                yield return new OrderBroken(log.Broker, log.Partition, attempt.Key, attempt.Value, produced[last].Value);
            lastOfKey[attempt.Key] = Math.Max(last, place);
        }
    }

    private static IEnumerable<Anomaly> Acknowledged(ReplicaLog log, ImmutableArray<ProduceAttempt> produced)
    {
        var offsets = log.Records.Where(r => r.Value is not null).ToLookup(record => record.Value!, record => record.Offset);
        foreach (var attempt in produced)
        {
            if (attempt.Acknowledged is not { } ack || ack.Partition != log.Partition) continue;
            // Where an offset was not told, one that was deleted may be meant.
            if (ack.Offset.IsNone ? log.Start > Offset.Zero : ack.Offset < log.Start) continue;
            var found = offsets[attempt.Value];
            if (!found.Any() || (!ack.Offset.IsNone && !found.Contains(ack.Offset)))
                yield return new AcknowledgedMissing(log.Broker, log.Partition, ack.Offset, attempt.Value);
        }
    }
}
