using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>Makes the stash that an actor's interfaces ask for.</summary>
public static class StashFactory
{
    public static IStash CreateStash<T>(this IActorContext context) where T : ActorBase => context.CreateStash(typeof(T));
    public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) =>
        context.CreateStash(actorInstance.GetType());

    public static IStash CreateStash(this IActorContext context, Type actorType)
    {
        if (typeof(IWithBoundedStash).IsAssignableFrom(actorType)) return new BoundedStashImpl(context);
        if (typeof(IWithUnboundedStash).IsAssignableFrom(actorType)) return new UnboundedStashImpl(context);
        if (typeof(IActorStash).IsAssignableFrom(actorType)) return new BoundedStashImpl(context);
        throw new ArgumentException($"{actorType} asks for no stash that is known.", nameof(actorType));
    }
}

/// <summary>Gives actors their stash, and puts what is in it back when they restart or stop.</summary>
public class ActorStashPlugin : ActorProducerPluginBase
{
    public override bool CanBeAppliedTo(Type actorType) => typeof(IActorStash).IsAssignableFrom(actorType);

    public override void AfterIncarnated(ActorBase actor, IActorContext context)
    {
        if (actor is IActorStash { Stash: null } stashing) stashing.Stash = context.CreateStash(actor.GetType());
    }

    public override void BeforeIncarnated(ActorBase actor, IActorContext context)
    {
        if (actor is IActorStash { Stash: { } stash }) stash.UnstashAll();
    }
}
