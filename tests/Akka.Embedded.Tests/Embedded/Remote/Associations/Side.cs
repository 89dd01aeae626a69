using Akka.Remote.Associations;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Embedded.Tests.Embedded.Remote.Associations;

/// <summary>An association's rules with a clock in the test's hand.</summary>
internal sealed class Side
{
    public static readonly AssociationRules Rules = new(GateFor: Seconds(5), QuarantineFor: TimeSpan.FromDays(5),
        QuarantineAfterSilence: TimeSpan.FromDays(2), SystemMessageCapacity: 50, ResendInterval: Seconds(2), ResendLimit: 10,
        InitialDeliveryTimeout: TimeSpan.FromMinutes(3), HeartbeatInterval: Seconds(4), AcceptablePause: Seconds(120),
        HandshakeTimeout: Seconds(15));

    public AssociationState State { get; } = new(Rules, TimeSpan.Zero);
    public TimeSpan Now { get; private set; }

    public Effect[] Step(IInput input) => [.. State.Step(input, Now)];

    public Effect[] Wanted() => Step(AssociationProtocol.Wanted.Instance);
    public Effect[] Send(object message) => Step(new SendSystem(message));
    public Effect[] Receive(long seq, object message, int link = 1) => Step(new Received(link, seq, message));
    public Effect[] Inbound(int link, int uid) => Step(new HandshakeDone(link, uid, Inbound: true));
    public Effect[] Quarantined(int? uid) => Step(new Quarantine(uid, "test"));

    /// <summary>Connects, as number <paramref name="link"/>, to incarnation <paramref name="uid"/>.</summary>
    public Side Dialled(int link = 1, int uid = 100)
    {
        var attempt = Wanted().OfType<Dial>().Single().Attempt;
        Step(new HandshakeDone(link, uid, Inbound: false, attempt));
        Assert.True(State.IsOpen);
        return this;
    }

    /// <summary>Lets time pass, with a tick at its end and whenever one is asked for.</summary>
    public Effect[] After(TimeSpan time)
    {
        var until = Now + time;
        var ticks = 0;
        var effects = new List<Effect>();
        while (State.Wake is { } wake && wake <= until)
        {
            Assert.True(++ticks < 1_000_000, $"a deadline stays in the past: {wake} at {Now}");
            Now = wake > Now ? wake : Now;
            effects.AddRange(Step(Tick.Instance));
        }
        Now = until;
        effects.AddRange(Step(Tick.Instance));
        return [.. effects];
    }

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
