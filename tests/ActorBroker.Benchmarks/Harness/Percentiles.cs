using System.Globalization;

namespace ActorBroker.Benchmarks.Harness;

/// <summary>Latencies in microseconds.</summary>
internal sealed class Percentiles(double[] micros)
{
    private readonly double[] _sorted = [.. micros.Order()];

    public double At(double share) => _sorted[Math.Min(_sorted.Length - 1, (int)(share * _sorted.Length))];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {At(0.5):0} µs, p99 {At(0.99):0} µs, p99.9 {At(0.999):0} µs");
}
