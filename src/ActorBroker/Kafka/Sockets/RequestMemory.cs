namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Bounds the bytes of large requests that are in memory or on their way into it; more are left in their sockets. A request that
/// finds any room is admitted whole, so the bound is passed by at most one. Small requests take no part: what a connection keeps
/// bounds them.
/// </summary>
/// <param name="maxBytes"><see cref="long.MaxValue"/>: no bound.</param>
internal sealed class RequestMemory(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(int Bytes, TaskCompletionSource Admitted)> _waiting = new();
    private long _taken;

    /// <summary>Returns when there is room, in the order of asking; <see cref="Return"/> gives it back.</summary>
    public ValueTask TakeAsync(int bytes)
    {
        if (maxBytes == long.MaxValue) return ValueTask.CompletedTask;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _taken < maxBytes)
            {
                _taken += bytes;
                return ValueTask.CompletedTask;
            }
            var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, admitted));
            return new ValueTask(admitted.Task);
        }
    }

    public void Return(int bytes)
    {
        if (bytes == 0 || maxBytes == long.MaxValue) return;
        lock (_gate)
        {
            _taken -= bytes;
            while (_taken < maxBytes && _waiting.TryDequeue(out var next))
            {
                _taken += next.Bytes;
                next.Admitted.SetResult();
            }
        }
    }
}
