using Akka.Actor;

namespace Akka.Embedded.TestNode;

/// <summary>Messages without a window.</summary>
internal static class Flood
{
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(3);

    public static void Tell(ActorSystem system, Address node)
    {
        var sink = system.ActorSelection($"{node}/user/sink").ResolveOne(TimeSpan.FromSeconds(10)).Result;
        var payload = new byte[60_000];
        var until = DateTime.UtcNow + _time;
        var told = 0;
        for (; DateTime.UtcNow < until; told++)
        {
            sink.Tell(payload, ActorRefs.NoSender);
            if (told % 20 == 0) Thread.Sleep(1); // Leaves a bit of the processor to others.
        }
        Say.Line($"flooded {told}");
    }

    public static Props Sink() => Props.Create(() => new SinkActor());

    private sealed class SinkActor : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }
}
