using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor.Internal
{
    /// <summary>An actor that wants to be called once it is constructed.</summary>
    public interface IInitializableActor
    {
        void Init();
    }
}

namespace Akka.Actor
{
    /// <summary>
    /// An actor that declares its handlers by message type, in its constructor and in Become. The first that fits wins.
    /// </summary>
    public abstract class ReceiveActor : UntypedActor, IInitializableActor
    {
        private HandlerList? _configuring;
        private HandlerList _initial;

        protected ReceiveActor() => _initial = _configuring = new HandlerList();

        void IInitializableActor.Init() => _configuring = null;

        protected sealed override void OnReceive(object message)
        {
            if (!_initial.TryHandle(message)) Unhandled(message);
        }

        /// <summary>Replaces the handlers in force by those that <paramref name="configure"/> declares.</summary>
        protected void Become(Action configure) => Become(Configured(configure));

        /// <summary>Puts the handlers that <paramref name="configure"/> declares above those in force.</summary>
        protected void BecomeStacked(Action configure) => BecomeStacked(Configured(configure));

        protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
            Configuring.Add(new TypedHandler<T>(shouldHandle, handler), isCatchAll: typeof(T) == typeof(object)
                && shouldHandle is null);

        protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

        /// <summary>The handler says whether it handled the message; if not, later ones are asked.</summary>
        protected void Receive<T>(Func<T, bool> handler) => Configuring.Add(new DecidingHandler<T>(handler));

        protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
            Configuring.Add(new RuntimeTypeHandler(messageType, shouldHandle, handler), isCatchAll: messageType == typeof(object)
                && shouldHandle is null);

        protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
            Receive(messageType, handler, shouldHandle);

        protected void Receive(Type messageType, Func<object, bool> handler) =>
            Configuring.Add(new DecidingHandler<object>(m => messageType.IsInstanceOfType(m) && handler(m)));

        protected void ReceiveAny(Action<object> handler) => Receive(handler);

        /// <summary>Like Receive; no further message is handled until the task has ended.</summary>
        protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
            Receive(Async(handler), shouldHandle);

        protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => Receive(Async(handler), shouldHandle);

        protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
            Receive(messageType, Async(handler), shouldHandle);

        protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
            Receive(messageType, Async(handler), shouldHandle);

        protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(Async(handler));

        private HandlerList Configuring => _configuring ?? throw new InvalidOperationException(
            "Handlers are declared in the constructor, or in what Become is given.");

        private static Action<T> Async<T>(Func<T, Task> handler) => message => ActorTaskScheduler.RunTask(() => handler(message));

        private Receive Configured(Action configure)
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
            return handlers.TryHandle;
        }
    }
}
