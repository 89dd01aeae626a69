using System.Globalization;

namespace ActorBroker.Benchmarks.Harness;

/// <summary>Median, lowest and highest of a few runs.</summary>
internal readonly struct Spread
{
    private readonly double[] _sorted;

    public Spread(IEnumerable<double> values) => _sorted = [.. values.Order()];

    public double Median => _sorted.Length % 2 == 1
        ? _sorted[_sorted.Length / 2]
        : (_sorted[_sorted.Length / 2 - 1] + _sorted[_sorted.Length / 2]) / 2;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Shown(Median)} ({Shown(_sorted[0])} .. {Shown(_sorted[^1])})");

    private static string Shown(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.00 M", CultureInfo.InvariantCulture),
        >= 1e4 => (value / 1e3).ToString("0.0 k", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
