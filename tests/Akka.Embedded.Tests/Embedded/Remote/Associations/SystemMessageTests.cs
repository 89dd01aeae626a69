using Akka.Remote.Associations;
using Akka.Remote.Wire;
using static Akka.Embedded.Tests.Embedded.Remote.Associations.Side;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Embedded.Tests.Embedded.Remote.Associations;

public class SystemMessageTests
{
    private readonly Side _side = new();

    [Fact]
    public void They_are_numbered_from_zero()
    {
        _side.Dialled();
        Assert.Equal([new Transmit(1, 0, "a")], _side.Send("a"));
        Assert.Equal([new Transmit(1, 1, "b")], _side.Send("b"));
    }

    [Fact]
    public void They_dial_and_wait_for_the_link()
    {
        Assert.Contains(new Dial(1), _side.Send("a"));
        Assert.Empty(_side.Send("b"));
        var effects = _side.Step(new HandshakeDone(1, 100, Inbound: false, Attempt: 1));
        Assert.Equal([new Transmit(1, 0, "a"), new Transmit(1, 1, "b")], effects.OfType<Transmit>());
    }

    [Fact]
    public void They_survive_a_broken_link_and_dial_when_the_gate_opens()
    {
        _side.Dialled();
        _side.Send("a");
        _side.Step(new LinkClosed(1, "reset"));
        _side.Send("b");
        Assert.Contains(new Dial(2), _side.After(Seconds(5)));
        var effects = _side.Step(new HandshakeDone(2, 100, Inbound: false, Attempt: 2));
        Assert.Equal([new Transmit(2, 0, "a"), new Transmit(2, 1, "b")], effects.OfType<Transmit>());
    }

    [Fact]
    public void They_are_sent_again_every_two_seconds_some_at_a_time_until_acknowledged()
    {
        _side.Dialled();
        for (var i = 0; i < 20; i++) _side.Send(i);
        Assert.Empty(_side.After(Seconds(1.9)).OfType<Transmit>());
        Assert.Equal(Enumerable.Range(0, 10), _side.After(Seconds(0.1)).OfType<Transmit>().Select(t => (int)t.Seq));
        _side.Step(new Acknowledged(1, new Acknowledgement(18, [])));
        Assert.Equal([new Transmit(1, 19, 19)], _side.After(Seconds(2)).OfType<Transmit>());
        _side.Step(new Acknowledged(1, new Acknowledgement(19, [])));
        Assert.Empty(_side.After(Seconds(60)).OfType<Transmit>());
    }

    [Fact]
    public void Missing_ones_are_sent_again_at_once()
    {
        _side.Dialled();
        for (var i = 0; i < 6; i++) _side.Send(i);
        var effects = _side.Step(new Acknowledged(1, new Acknowledgement(5, [1, 2, 3, 4])));
        Assert.Equal([1, 2, 3, 4], effects.OfType<Transmit>().Select(t => t.Message));
        Assert.Equal(4, _side.State.UnacknowledgedCount);
    }

    [Fact]
    public void Nothing_received_yet_acknowledges_nothing()
    {
        _side.Dialled();
        _side.Send("a");
        Assert.Empty(_side.Step(new Acknowledged(1, new Acknowledgement(-1, []))));
        Assert.Equal(1, _side.State.UnacknowledgedCount);
    }

    [Theory]
    [InlineData(3, new long[0])] // Never sent.
    [InlineData(2, new long[] { 0 })] // Missing, though it was acknowledged before.
    [InlineData(1, new long[] { 2 })] // Missing, though nothing after it has come.
    public void Impossible_acknowledgement_is_the_end_of_that_incarnation(long cumulative, long[] nacks)
    {
        _side.Dialled(uid: 100);
        for (var i = 0; i < 3; i++) _side.Send(i);
        _side.Step(new Acknowledged(1, new Acknowledgement(0, [])));
        var effects = _side.Step(new Acknowledged(1, new Acknowledgement(cumulative, [.. nacks])));
        Assert.Contains(effects, e => e is NowQuarantined { Uid: 100 });
    }

    [Fact]
    public void Too_many_that_are_not_acknowledged_are_the_end_of_that_incarnation()
    {
        _side.Dialled(uid: 100);
        for (var i = 0; i < Rules.SystemMessageCapacity; i++) _side.Send(i);
        var effects = _side.Send("one more");
        Assert.Contains(effects, e => e is NowQuarantined { Uid: 100 });
        Assert.Equal(Rules.SystemMessageCapacity + 1, effects.OfType<Lost>().Sum(l => l.Messages.Length));
    }

    [Fact]
    public void They_are_given_up_when_nobody_can_be_reached_for_three_minutes()
    {
        _side.Send("a");
        var lost = false;
        for (var attempt = 1; _side.Now < TimeSpan.FromMinutes(4) && !lost; attempt++)
        {
            _side.Step(new DialFailed(attempt, "nobody"));
            lost = _side.After(Seconds(5)).Any(e => e is Lost { Messages: ["a"] });
        }
        Assert.True(lost);
        Assert.InRange(_side.Now, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3.2));
    }

    [Fact]
    public void Received_ones_are_delivered_once_in_order_and_acknowledged_when_the_link_is_drained()
    {
        _side.Inbound(1, 100);
        Assert.Equal([new Deliver("0")], _side.Receive(0, "0"));
        Assert.Empty(_side.Receive(5, "5"));
        Assert.Equal(5, Ack().Cumulative);
        _side.Receive(0, "0");
        Assert.Equal([1L, 2, 3, 4], Ack().Nacks.ToArray());
        Assert.Empty(_side.Receive(2, "2"));
        Assert.Equal([new Deliver("1"), new Deliver("2")], _side.Receive(1, "1"));
        Assert.Empty(_side.Receive(4, "4"));
        Assert.Equal([new Deliver("3"), new Deliver("4"), new Deliver("5")], _side.Receive(3, "3"));
        Assert.Empty(Ack().Nacks);
        Assert.Empty(_side.Step(new Drained(1)));
    }

    [Fact]
    public void What_could_not_be_read_counts_as_received()
    {
        _side.Inbound(1, 100);
        Assert.Empty(_side.Step(new Received(1, 0, null)));
        Assert.Equal(0, Ack().Cumulative);
    }

    [Fact]
    public void Numbers_that_can_not_be_true_are_not_taken()
    {
        _side.Inbound(1, 100);
        _side.Receive(Rules.SystemMessageCapacity + 1, "far");
        _side.Receive(long.MaxValue, "far");
        Assert.Equal(-1, Ack().Cumulative);
    }

    private Acknowledgement Ack() => Assert.IsType<SendAck>(Assert.Single(_side.Step(new Drained(1)))).Ack;
}
