using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>One more test actor with expectations of its own; can be given wherever a reference is wanted.</summary>
public class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef
{
    public TestProbe(
        ActorSystem system, ITestKitAssertions assertions, string? testProbeName = null) : base(assertions, system, testProbeName)
    {
    }

    /// <summary>The reference that stands for the probe.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who sent the message that was last taken.</summary>
    public IActorRef Sender => LastSender;

    private IInternalActorRef Internal => (IInternalActorRef)TestActor;

    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the sender of the message that was last taken.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes on the message that was last taken, with its sender.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastMessage!);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    public override TestProbe CreateTestProbe(string? name = null) =>
        throw new NotSupportedException("A probe makes no probes; its test kit does.");

    public IActorRef ChildActorOf<T>(CancellationToken cancellationToken = default) where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), cancellationToken);

    public IActorRef ChildActorOf<T>(string name, CancellationToken cancellationToken = default) where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), name, cancellationToken);

    public IActorRef ChildActorOf<T>(
        SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), supervisorStrategy, cancellationToken);

    public IActorRef ChildActorOf<T>(
        string name, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default) where T : ActorBase =>
        ChildActorOf(Props.Create<T>(), name, supervisorStrategy, cancellationToken);

    public override string ToString() => TestActor.ToString()!;

    public override bool Equals(object? obj) => TestActor.Equals(obj is TestProbe probe ? probe.TestActor : obj);

    public override int GetHashCode() => TestActor.GetHashCode();

    public int CompareTo(object? obj) => TestActor.CompareTo(obj is TestProbe probe ? probe.TestActor : obj);

    public void SendSystemMessage(ISystemMessage message) => Internal.SendSystemMessage(message);

    ActorPath IActorRef.Path => TestActor.Path;
    IInternalActorRef IInternalActorRef.Parent => Internal.Parent;
    IActorRefProvider IInternalActorRef.Provider => Internal.Provider;
    bool IInternalActorRef.IsTerminated => Internal.IsTerminated;
    bool IActorRefScope.IsLocal => Internal.IsLocal;

    void ICanTell.Tell(object message, IActorRef sender) => TestActor.Tell(message, sender);
    bool IEquatable<IActorRef>.Equals(IActorRef? other) => TestActor.Equals(other);
    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);
    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => TestActor.ToSurrogate(system);
    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => Internal.GetChild(name);
    void IInternalActorRef.Resume(Exception? causedByFailure) => Internal.Resume(causedByFailure);
    void IInternalActorRef.Start() => Internal.Start();
    void IInternalActorRef.Stop() => Internal.Stop();
    void IInternalActorRef.Restart(Exception cause) => Internal.Restart(cause);
    void IInternalActorRef.Suspend() => Internal.Suspend();
}
