using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>
/// An actor that runs on the thread that sends to it, so that a message is handled when Tell returns, and whose object the test
/// can look into.
/// </summary>
public abstract class TestActorRefBase<TActor> : IInternalActorRef where TActor : ActorBase
{
    private readonly LocalActorRef _ref;

    /// <param name="supervisor">The parent; null for the user guardian.</param>
    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        var props = actorProps.Deploy.Dispatcher == Deploy.NoDispatcherGiven
            ? actorProps.WithDispatcher(CallingThreadDispatcher.Id) : actorProps;
        _ref = (LocalActorRef)(supervisor switch
        {
            null => system.ActorOf(props, name),
            ActorRefWithCell { Underlying: ActorCell cell } => cell.AttachChild(props, false, name),
            _ => throw new ArgumentException(
                $"{supervisor} is not a local actor, so it can't have children here.", nameof(supervisor)),
        });
    }

    public IActorRef Ref => _ref;

    public ActorPath Path => _ref.Path;

    /// <summary>The actor's object: another one after each restart.</summary>
    /// <exception cref="InvalidOperationException">It could not be created, or is stopped.</exception>
    public TActor UnderlyingActor => _ref.Cell.Instance as TActor
        ?? throw new InvalidOperationException($"{_ref} has no {typeof(TActor)} now: its creation failed, or it is stopped.");

    /// <summary>Handles a message here and now, past the mailbox; what the actor throws reaches the caller.</summary>
    public void Receive(object message, IActorRef? sender = null) =>
        _ref.Cell.ReceiveMessageForTest(new Envelope(message, sender!, _ref.Cell.System));

    public void Tell(object message) => _ref.Tell(message);

    public void Tell(object message, IActorRef sender) => _ref.Tell(message, sender);

    public void Forward(object message) => _ref.Forward(message);

    /// <summary>Lets this actor hear of the death of another.</summary>
    public void Watch(IActorRef subject) => _ref.Cell.UseThreadContext(() => _ref.Cell.Watch(subject));

    public void Unwatch(IActorRef subject) => _ref.Cell.UseThreadContext(() => _ref.Cell.Unwatch(subject));

    public void SendSystemMessage(ISystemMessage message) => _ref.SendSystemMessage(message);

    public override string ToString() => _ref.ToString();

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public bool Equals(IActorRef? other) => _ref.Equals(other is TestActorRefBase<TActor> test ? test._ref : other);

    public override int GetHashCode() => _ref.GetHashCode();

    public int CompareTo(object? obj) => _ref.CompareTo(obj is TestActorRefBase<TActor> test ? test._ref : obj);

    public static bool operator ==(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) =>
        testActorRef is null ? actorRef is null : testActorRef.Equals(actorRef);

    public static bool operator !=(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) => !(testActorRef == actorRef);

    public static bool operator ==(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) => testActorRef == actorRef;

    public static bool operator !=(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) => !(testActorRef == actorRef);

    public static IActorRef ToActorRef(TestActorRefBase<TActor> actorRef) => actorRef.Ref;

    IInternalActorRef IInternalActorRef.Parent => _ref.Parent;
    IActorRefProvider IInternalActorRef.Provider => _ref.Provider;
    bool IInternalActorRef.IsTerminated => _ref.IsTerminated;
    bool IActorRefScope.IsLocal => true;

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => _ref.CompareTo(other);
    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => _ref.ToSurrogate(system);
    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => _ref.GetChild(name);
    void IInternalActorRef.Resume(Exception? causedByFailure) => _ref.Resume(causedByFailure);
    void IInternalActorRef.Start() => _ref.Start();
    void IInternalActorRef.Stop() => _ref.Stop();
    void IInternalActorRef.Restart(Exception cause) => _ref.Restart(cause);
    void IInternalActorRef.Suspend() => _ref.Suspend();
}

/// <inheritdoc/>
public class TestActorRef<TActor>(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    : TestActorRefBase<TActor>(system, actorProps, supervisor, name) where TActor : ActorBase;
