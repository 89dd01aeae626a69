namespace Akka.Actor.Internal;

/// <summary>One declared handler of a <see cref="ReceiveActor"/>.</summary>
internal abstract class MessageHandler
{
    public abstract bool TryHandle(object message);
}

internal sealed class TypedHandler<T>(Predicate<T>? accepts, Action<T> handle) : MessageHandler
{
    public override bool TryHandle(object message)
    {
        if (message is not T typed || (accepts is not null && !accepts(typed))) return false;
        handle(typed);
        return true;
    }
}

internal sealed class DecidingHandler<T>(Func<T, bool> handle) : MessageHandler
{
    public override bool TryHandle(object message) => message is T typed && handle(typed);
}

internal sealed class RuntimeTypeHandler(Type type, Predicate<object>? accepts, Action<object> handle) : MessageHandler
{
    public override bool TryHandle(object message)
    {
        if (!type.IsInstanceOfType(message) || (accepts is not null && !accepts(message))) return false;
        handle(message);
        return true;
    }
}

/// <summary>Handlers in the order of their declaration.</summary>
internal sealed class HandlerList
{
    private MessageHandler[] _handlers = [];
    private bool _hasCatchAll;

    public void Add(MessageHandler handler, bool isCatchAll = false)
    {
        if (_hasCatchAll)
            throw new InvalidOperationException(
                "The handler before this one takes every message: this one could never be reached.");
        _hasCatchAll = isCatchAll;
        _handlers = [.. _handlers, handler];
    }

    public bool TryHandle(object message)
    {
        foreach (var handler in _handlers)
            if (handler.TryHandle(message)) return true;
        return false;
    }
}
