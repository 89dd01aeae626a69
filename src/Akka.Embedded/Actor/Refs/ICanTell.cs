namespace Akka.Actor;

/// <summary>Something that takes messages: an actor, or a selection of actors.</summary>
public interface ICanTell
{
    /// <summary>Sends <paramref name="message"/> and forgets it: delivered at most once, in order for one sender.</summary>
    void Tell(object message, IActorRef sender);
}
