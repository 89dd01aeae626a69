namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// How long partitions were away: from kill -9 of their leader to the first record sent after it that went through.
/// </summary>
internal sealed class Failovers
{
    private readonly List<(long AtNs, int[] Partitions)> _kills = [];

    public void Killed(long atNs, IEnumerable<int> partitions) => _kills.Add((atNs, [.. partitions]));

    /// <summary>One line for producing and one for consuming in a group: p50 and maximum over all partitions and kills.</summary>
    public string Report(IReadOnlyList<ClientEvent> produced, IReadOnlyList<ClientEvent> consumed)
    {
        var acks = produced.Where(e => e.Event == "acked").ToDictionary(e => e.Value!);
        var read = consumed.Where(e => e.Event == "record" && acks.ContainsKey(e.Value!)).ToList();
        return Line("produce", kill => acks.Values
                .Where(e => e.SentAt > kill.AtNs && e.Partition == kill.Partition).Select(e => e.At))
            + Line("consume", kill => read
                .Where(e => acks[e.Value!].SentAt > kill.AtNs && e.Partition == kill.Partition).Select(e => e.At))
            + "Detection as configured: heartbeats every 0.5 s, acceptable pause 2 s, removal when stable for 5 s.";
    }

    private string Line(string what, Func<(long AtNs, int Partition), IEnumerable<long>> times)
    {
        var seconds = _kills
            .SelectMany(kill => kill.Partitions.Select(partition => (kill.AtNs, Partition: partition)))
            .Select(kill => (times(kill).DefaultIfEmpty(long.MaxValue).Min() - kill.AtNs) / 1e9).Order().ToList();
        return seconds.Count == 0
            ? ""
            : $"Failover, kill -9 to {what} again: p50 {seconds[seconds.Count / 2]:F2} s, "
                + $"max {seconds[^1]:F2} s of {seconds.Count}.\n";
    }
}
