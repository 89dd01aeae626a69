namespace ActorBroker.Threads;

/// <summary>The source of a task, ended once by any thread. What awaits the task never goes on within what ends it.</summary>
internal sealed class Promise<T>
{
    private readonly WorkPool _pool;
    private readonly TaskCompletionSource<T> _source;

    /// <param name="pool">Where awaits go on; null: the real one.</param>
    public Promise(WorkPool? pool = null)
    {
        _pool = pool ?? WorkPool.Real;
        _source = new TaskCompletionSource<T>(_pool.SourceOptions);
    }

    public Task<T> Task => _source.Task;

    /// <summary>The first of several that end it counts.</summary>
    public void Set(T result) => _pool.End(() => _source.TrySetResult(result));

    /// <inheritdoc cref="Set(T)"/>
    public void Fail(Exception cause) => _pool.End(() => _source.TrySetException(cause));
}
