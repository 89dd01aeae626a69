using Akka.Actor;

namespace Akka.Embedded.TestNode;

/// <summary>Says when it starts and stops.</summary>
internal sealed class Singleton : UntypedActor
{
    public static Props Props() => Akka.Actor.Props.Create(() => new Singleton());

    protected override void PreStart() => Say.Line("singleton started");

    protected override void PostStop() => Say.Line("singleton stopped");

    protected override void OnReceive(object message) { }
}
