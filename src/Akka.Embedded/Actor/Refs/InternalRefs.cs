namespace Akka.Actor;

internal static class InternalRefs
{
    /// <summary>All references are made by the runtime; a foreign implementation can't be supervised or watched.</summary>
    public static IInternalActorRef AsInternal(this IActorRef actorRef) =>
        actorRef as IInternalActorRef ?? throw new InvalidOperationException($"{actorRef} is not a reference of this runtime.");
}
