using ActorBroker.Protocol;

namespace ActorBroker.Checker;

/// <summary>
/// What consumers saw must still be there. A group may get a record again, as after a rebalance, but leaves none out that the
/// log has.
/// </summary>
internal static class ConsumedChecker
{
    public static IEnumerable<Anomaly> Check(History history)
    {
        var replicas = history.Logs.GroupBy(log => log.Partition).ToDictionary(
            logs => logs.Key,
            logs => logs.Select(log => (log.Start, Records: log.Records.ToLookup(record => record.Offset))).ToList());
        var next = new Dictionary<(string Group, TopicPartition Partition), Offset>();
        foreach (var (group, partition, offset, value) in history.Consumed)
        {
            if (!replicas.TryGetValue(partition, out var logs)) continue;
            if (logs.Any(log => offset >= log.Start && log.Records[offset].All(there => there.Value != value)))
                yield return new ConsumedIsGone(group, partition, offset, value);
            var expected = next.GetValueOrDefault((group, partition), Offset.Zero);
            if (offset > expected && HasRecord(logs[0].Records, expected, offset))
                yield return new ConsumedWithHole(group, partition, expected, offset);
            next[(group, partition)] = Offset.Max(expected, offset + 1);
        }
        foreach (var missing in history.Complete.SelectMany(of => Missing(history, of))) yield return missing;
    }

    private static IEnumerable<Anomaly> Missing(History history, Subscription of)
    {
        var got = history.Consumed.Where(c => c.Group == of.Group).Select(c => (c.Partition, c.Value)).ToHashSet();
        foreach (var sent in history.Produced)
            if (sent.Acknowledged is { } ack && ack.Partition.Topic == of.Topic && !got.Contains((ack.Partition, sent.Value)))
                yield return new NotConsumed(of.Group, ack.Partition, ack.Offset, sent.Value);
    }

    /// <summary>Whether there is something to consume between two offsets: markers are not.</summary>
    private static bool HasRecord(ILookup<Offset, LoggedRecord> log, Offset from, Offset to)
    {
        for (var offset = from; offset < to; offset += 1)
            if (log[offset].Any(record => !record.IsControl)) return true;
        return false;
    }
}
