using Akka.Util;

namespace Akka.Actor;

/// <summary>References that always exist.</summary>
public static class ActorRefs
{
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>Stands for "no sender": the receiver sees dead letters as its Sender.</summary>
    public static readonly IActorRef NoSender = null!;
}

/// <summary>The reference to nobody: swallows everything.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static Nobody Instance = new();

    private static readonly ActorPath NobodyPath = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";

    private Nobody() { }

    public override ActorPath Path => NobodyPath;
    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody has no provider.");
    public override ISurrogate ToSurrogate(ActorSystem system) => new NobodySurrogate();

    private sealed class NobodySurrogate : ISurrogate
    {
        public ISurrogated FromSurrogate(ActorSystem system) => Nobody.Instance;
    }
}

/// <summary>Small helpers on references.</summary>
public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef actorRef) => actorRef is null or Nobody;

    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) =>
        actorRef.IsNobody() ? elseValue() : actorRef;
}

/// <summary>Tell and forward with the running actor as sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSelfOrNoSender());

    /// <summary>Passes the message on, keeping the sender of the message in hand.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSenderOrNoSender());
}
