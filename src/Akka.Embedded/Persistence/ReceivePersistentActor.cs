using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Persistence;

/// <summary>
/// A persistent actor that declares handlers by message type: Command for commands, Recover for what recovery brings.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor, IInitializableActor
{
    private readonly HandlerList _recoverers = new();
    private readonly HandlerList _initial = new();
    private HandlerList? _configuring;

    protected ReceivePersistentActor() => _configuring = _initial;

    private HandlerList Configuring => _configuring ?? throw new InvalidOperationException(
        "You may only call Command-methods when constructing the actor and inside Become().");

    void IInitializableActor.Init() => _configuring = null;

    protected sealed override void OnCommand(object message)
    {
        if (!_initial.TryHandle(message)) Unhandled(message);
    }

    protected sealed override void OnRecover(object message)
    {
        if (!_recoverers.TryHandle(message)) Unhandled(message);
    }

    /// <summary>Replaces the command handlers in force by those that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Become(Configured(configure));

    /// <summary>Puts the command handlers that <paramref name="configure"/> declares above those in force.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(Configured(configure));

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        _recoverers.Add(new TypedHandler<T>(shouldHandle, handler));

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => _recoverers.Add(new DecidingHandler<T>(handler));

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        _recoverers.Add(new RuntimeTypeHandler(messageType, shouldHandle, handler));

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recover(messageType, handler, shouldHandle);

    protected void Recover(Type messageType, Func<object, bool> handler) =>
        _recoverers.Add(new DecidingHandler<object>(message => messageType.IsInstanceOfType(message) && handler(message)));

    protected void RecoverAny(Action<object> handler) => Recover(handler);

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Configuring.Add(new TypedHandler<T>(shouldHandle, handler), isCatchAll: typeof(T) == typeof(object)
            && shouldHandle is null);

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>The handler says whether it handled the command; if not, later ones are asked.</summary>
    protected void Command<T>(Func<T, bool> handler) => Configuring.Add(new DecidingHandler<T>(handler));

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Configuring.Add(new RuntimeTypeHandler(messageType, shouldHandle, handler));

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Command(messageType, handler, shouldHandle);

    protected void Command(Type messageType, Func<object, bool> handler) =>
        Configuring.Add(new DecidingHandler<object>(message => messageType.IsInstanceOfType(message) && handler(message)));

    protected void Command(Action<object> handler) => Command<object>(handler);

    protected void CommandAny(Action<object> handler) => Command<object>(handler);

    /// <summary>Like Command; no further message is handled until the task has ended.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Command(Async(handler), shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => Command(Async(handler), shouldHandle);

    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Command(messageType, Async(handler), shouldHandle);

    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Command(messageType, Async(handler), shouldHandle);

    protected void CommandAnyAsync(Func<object, Task> handler) => Command<object>(Async(handler));

    private Action<T> Async<T>(Func<T, Task> handler) => message => RunTask(() => handler(message));

    private UntypedReceive Configured(Action configure)
    {
        var outer = _configuring;
        var handlers = _configuring = new HandlerList();
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return message =>
        {
            if (!handlers.TryHandle(message)) Unhandled(message);
        };
    }
}
