using System.Globalization;

namespace ActorBroker.Benchmarks.Harness;

/// <summary>
/// Measures ActorBroker against a bare equivalent, in turn (A B A B ...), and prints ratios: a machine that slows down
/// slows both, so the ratio holds where absolute figures do not.
/// </summary>
internal sealed class Pairs(TextWriter output, int rounds)
{
    /// <summary>Runs a pair and prints median, lowest and highest ratio of the rates.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="unit">What a rate counts, for orientation.</param>
    /// <param name="aim">The ratio to reach; null where none was set.</param>
    /// <param name="ours">One run of ActorBroker.</param>
    /// <param name="bare">One run of the bare equivalent, of the same work.</param>
    public async Task RunAsync(string name, string unit, double? aim, Func<Task<Sample>> ours, Func<Task<Sample>> bare)
    {
        await ours();
        await bare();
        var a = new Sample[rounds];
        var b = new Sample[rounds];
        for (var round = 0; round < rounds; round++)
        {
            a[round] = await ours();
            b[round] = await bare();
        }

        var ratios = new Spread(a.Zip(b, (x, y) => x.Rate / y.Rate));
        var verdict = aim is { } wanted ? Text($", aim {wanted:0.00}: {(ratios.Median >= wanted ? "reached" : "missed")}") : "";
        output.WriteLine(Text($"{name}"));
        output.WriteLine(Text($"  ratio      {ratios}{verdict}"));
        output.WriteLine(Text($"  ActorBroker {new Spread(a.Select(s => s.Rate))} {unit}"));
        output.WriteLine(Text($"  bare        {new Spread(b.Select(s => s.Rate))} {unit}"));
        if (!double.IsNaN(a[0].CpuSeconds) && !double.IsNaN(b[0].CpuSeconds))
        {
            output.WriteLine(Text($"  CPU s/unit  ActorBroker {new Spread(a.Select(s => s.CpuSeconds))}, bare {new Spread(b.Select(s => s.CpuSeconds))}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
