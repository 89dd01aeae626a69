namespace Akka.Persistence;

/// <summary>A handler that waits for its event to be stored.</summary>
public interface IPendingHandlerInvocation
{
    object Event { get; }

    Action<object> Handler { get; }
}

/// <summary>Of Persist and PersistAll: commands are stashed until it has run.</summary>
public sealed class StashingHandlerInvocation(object evt, Action<object> handler) : IPendingHandlerInvocation
{
    public object Event { get; } = evt;

    public Action<object> Handler { get; } = handler;
}

/// <summary>Of PersistAsync, PersistAllAsync and DeferAsync: commands go on meanwhile.</summary>
public sealed class AsyncHandlerInvocation(object evt, Action<object> handler) : IPendingHandlerInvocation
{
    public object Event { get; } = evt;

    public Action<object> Handler { get; } = handler;
}
