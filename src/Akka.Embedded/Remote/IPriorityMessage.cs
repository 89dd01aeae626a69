namespace Akka.Remote;

/// <summary>Messages that overtake others on their way to another system: those that tell the living from the dead.</summary>
/// <remarks>Also when an <see cref="Actor.ActorSelectionMessage"/> is around it.</remarks>
internal interface IPriorityMessage;
