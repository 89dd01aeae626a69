namespace Akka.Actor.Internal;

/// <summary>What runs when the last actor has stopped, in reverse order of registration.</summary>
internal sealed class TerminationCallbacks(TaskCreationOptions done)
{
    private readonly TaskCompletionSource _done = new(done);
    private readonly Lock _gate = new();
    private Stack<Action>? _callbacks = new();

    public Task Done => _done.Task;

    public void Add(Action code)
    {
        lock (_gate)
        {
            if (_callbacks is null) throw new InvalidOperationException("The system has stopped already.");
            _callbacks.Push(code);
        }
    }

    public void Run(Action<Exception> onError)
    {
        Stack<Action>? callbacks;
        lock (_gate)
        {
            callbacks = _callbacks;
            _callbacks = null;
        }
        while (callbacks is { Count: > 0 })
        {
            try
            {
                callbacks.Pop()();
            }
            catch (Exception e)
            {
                onError(e);
            }
        }
        _done.TrySetResult();
    }
}
