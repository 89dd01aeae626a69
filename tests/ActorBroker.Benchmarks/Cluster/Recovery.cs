using System.Diagnostics;

namespace ActorBroker.Benchmarks.Cluster;

/// <summary>What clients wait for after a broker was killed, and when they had it. Several threads tell it.</summary>
/// <param name="partitions">Those that the broker led.</param>
internal sealed class Recovery(long killedAt, IEnumerable<int> partitions)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _toWrite = [.. partitions];
    private readonly HashSet<int> _toRead = [.. partitions];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _toCommit = true;

    /// <summary>Until each partition had acknowledged a record that was sent after the kill.</summary>
    public TimeSpan Produce { get; private set; }

    /// <summary>Until a member of the group had read such a record from each partition.</summary>
    public TimeSpan Consume { get; private set; }

    /// <summary>Until the group's coordinator had taken a commit that began after the kill.</summary>
    public TimeSpan Commit { get; private set; }

    public Task Done => _done.Task;

    public void Acknowledged(int partition, long sentAt)
    {
        if (sentAt <= killedAt) return;
        lock (_lock)
        {
            if (_toWrite.Remove(partition)) Produce = Now;
            CompleteIfDone();
        }
    }

    public void Read(int partition, long sentAt)
    {
        if (sentAt <= killedAt) return;
        lock (_lock)
        {
            if (_toRead.Remove(partition)) Consume = Now;
            CompleteIfDone();
        }
    }

    public void Committed(long begunAt)
    {
        if (begunAt <= killedAt) return;
        lock (_lock)
        {
            if (_toCommit) Commit = Now;
            _toCommit = false;
            CompleteIfDone();
        }
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(killedAt);

    private void CompleteIfDone()
    {
        if (_toWrite.Count == 0 && _toRead.Count == 0 && !_toCommit) _done.TrySetResult();
    }
}
