namespace Akka.Remote;

/// <summary>The last intervals between heartbeats, in ms, with their mean and deviation. One owner; not thread-safe.</summary>
internal sealed class HeartbeatHistory(int maxSamples)
{
    private readonly Queue<long> _intervals = new();
    private long _sum;
    private long _sumOfSquares;

    public double Mean => (double)_sum / _intervals.Count;

    // Of the whole window, not an estimate from a sample. Rounding can make it slightly negative when all are equal.
    public double StdDeviation => Math.Sqrt(Math.Max(0, ((double)_sumOfSquares / _intervals.Count) - (Mean * Mean)));

    public void Add(long intervalMs)
    {
        if (_intervals.Count == maxSamples)
        {
            var oldest = _intervals.Dequeue();
            _sum -= oldest;
            _sumOfSquares -= oldest * oldest;
        }
        _intervals.Enqueue(intervalMs);
        _sum += intervalMs;
        _sumOfSquares += intervalMs * intervalMs;
    }
}
