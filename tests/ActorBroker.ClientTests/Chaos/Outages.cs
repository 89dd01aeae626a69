using System.Globalization;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// How long partitions were away: from the begin of a fault to the first record sent after it that went through.
/// </summary>
internal sealed class Outages(int partitions)
{
    private readonly List<(Fault Fault, long AtNs, int[] Led)> _faults = [];

    /// <param name="fault">What happened.</param>
    /// <param name="atNs">When, on the clock of <see cref="ClientEvent.At"/>.</param>
    /// <param name="led">What the broker led that it befell.</param>
    public void Began(Fault fault, long atNs, IEnumerable<int> led) => _faults.Add((fault, atNs, [.. led]));

    /// <summary>For each kind of fault the median and the maximum over all partitions: those that the broker led which it befell,
    /// and the others.</summary>
    public string Report(IReadOnlyList<ClientEvent> produced, IReadOnlyList<ClientEvent> consumed)
    {
        var acked = produced.Where(e => e.Event == "acked").ToDictionary(e => e.Value!);
        var written = acked.Values.ToLookup(e => e.Partition, e => (e.SentAt, e.At));
        var read = consumed.Where(e => e.Event == "record" && acked.ContainsKey(e.Value!))
            .ToLookup(e => e.Partition, e => (acked[e.Value!].SentAt, e.At));
        return string.Join('\n', _faults.GroupBy(f => f.Fault).OrderBy(f => f.Key).Select(faults => string.Create(
            CultureInfo.InvariantCulture,
            $"{faults.Key,-15} produce {Spread(faults, written, isLed: true)} (others {Spread(faults, written, isLed: false)}), "
            + $"consume {Spread(faults, read, isLed: true)}")));
    }

    private string Spread(
        IEnumerable<(Fault Fault, long AtNs, int[] Led)> faults, ILookup<int, (long SentAt, long At)> events, bool isLed)
    {
        var seconds = faults.SelectMany(fault => Enumerable.Range(0, partitions).Where(p => fault.Led.Contains(p) == isLed)
            .Select(partition => events[partition].Where(e => e.SentAt > fault.AtNs).Select(e => (e.At - fault.AtNs) / 1e9)
                .DefaultIfEmpty(double.NaN).Min())).Order().ToList();
        return seconds.Count == 0
            ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{seconds[seconds.Count / 2]:F1}/{seconds[^1]:F1} s of {seconds.Count}");
    }
}
