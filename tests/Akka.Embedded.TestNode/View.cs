using Akka.Actor;

namespace Akka.Embedded.TestNode;

/// <summary>Says what this node knows of the cluster, whenever it has changed: ports of members with their status, and which of
/// them are unreachable.</summary>
internal sealed class View : UntypedActor, IWithTimers
{
    private string _said = "";

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props() => Akka.Actor.Props.Create(() => new View());

    protected override void PreStart() =>
        Timers.StartPeriodicTimer("look", "look", TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

    protected override void OnReceive(object message)
    {
        var state = Akka.Cluster.Cluster.Get(Context.System).State;
        var members = state.Members.OrderBy(m => m.Address.Port).Select(m => $"{m.Address.Port}={m.Status}");
        var unreachable = state.Unreachable.Select(m => m.Address.Port).Order();
        var seen = $"members {string.Join(',', members)} unreachable {string.Join(',', unreachable)}";
        if (seen == _said) return;
        _said = seen;
        Say.Line(seen);
    }
}
