namespace Akka.Dispatch;

/// <summary>A piece of work for a dispatcher. Needs no wrapper in the thread pool.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    void Run();
}

/// <summary>Runs an action.</summary>
public sealed class ActionRunnable(Action action) : IRunnable
{
    public void Run() => action();
    public void Execute() => action();
}

/// <summary>Runs an action with its argument.</summary>
public sealed class ActionWithStateRunnable(Action<object> actionWithState, object state) : IRunnable
{
    public void Run() => actionWithState(state);
    public void Execute() => actionWithState(state);
}
