using Akka.Remote.Associations;
using Akka.Remote.Wire;
using static Akka.Embedded.Tests.Embedded.Remote.Associations.Side;
using static Akka.Remote.Associations.AssociationProtocol;

namespace Akka.Embedded.Tests.Embedded.Remote.Associations;

public class AssociationStateTests
{
    private readonly Side _side = new();

    [Fact]
    public void First_message_dials_and_further_ones_wait()
    {
        Assert.Equal([new Hold(), new Dial(1)], _side.Wanted());
        Assert.Empty(_side.Wanted());
    }

    [Fact]
    public void Handshake_opens_the_link()
    {
        _side.Wanted();
        Assert.Equal([new Opened(false), new Use(7)], _side.Step(new HandshakeDone(7, 100, Inbound: false, Attempt: 1)));
        Assert.Equal(100, _side.State.Uid);
    }

    [Fact]
    public void Inbound_handshake_is_answered_and_the_link_is_used_for_answers() =>
        Assert.Equal([new Answer(3), new Opened(true), new Use(3)], _side.Inbound(3, 100));

    [Fact]
    public void Failed_attempt_closes_the_gate_for_five_seconds()
    {
        _side.Wanted();
        Assert.Contains(new Refuse("refused"), _side.Step(new DialFailed(1, "refused")));
        Assert.Empty(_side.Wanted());
        Assert.DoesNotContain(_side.After(Seconds(4.9)), e => e is Hold);
        Assert.Equal([new Hold()], _side.After(Seconds(0.1)));
        Assert.Contains(new Dial(2), _side.Wanted());
    }

    [Fact]
    public void Handshake_that_takes_too_long_is_given_up()
    {
        _side.Wanted();
        var effects = _side.After(Seconds(15));
        Assert.Contains(new GiveUp(1), effects);
        Assert.True(_side.State.IsGated);
        Assert.Equal([new Close(9)], _side.Step(new HandshakeDone(9, 100, Inbound: false, Attempt: 1)));
    }

    [Fact]
    public void Broken_link_closes_the_gate_and_an_inbound_one_opens_it()
    {
        _side.Dialled();
        var effects = _side.Step(new LinkClosed(1, "reset"));
        Assert.Equal([new Failed("reset", false), new Ended(false), new Refuse("reset")], effects);
        Assert.Contains(new Use(2), _side.Inbound(2, 100));
        Assert.True(_side.State.IsOpen);
    }

    [Fact]
    public void Both_sides_dialling_leaves_two_links_of_which_the_first_is_written_to()
    {
        _side.Wanted();
        _side.Inbound(1, 100);
        Assert.Equal([new Opened(false)], _side.Step(new HandshakeDone(2, 100, Inbound: false, Attempt: 1)));
        Assert.Equal([new Ended(true), new Use(2)], _side.Step(new LinkClosed(1, null)));
        Assert.True(_side.State.IsOpen);
    }

    [Fact]
    public void Second_inbound_link_replaces_the_first()
    {
        _side.Inbound(1, 100);
        Assert.Equal(
            [new Answer(2), new SayFarewell(1, Farewell.Unknown), new Close(1), new Ended(true), new Opened(true), new Use(2)],
            _side.Inbound(2, 100));
        Assert.Empty(_side.Step(new LinkClosed(1, null)));
    }

    [Fact]
    public void New_incarnation_replaces_the_living_old_one_which_may_not_come_back()
    {
        _side.Dialled(link: 1, uid: 100);
        _side.Send("for 100");
        var effects = _side.Inbound(2, 200);
        Assert.Equal(new Answer(2), effects[0]);
        Assert.Contains(new SayFarewell(1, Farewell.Unknown), effects);
        Assert.Contains(effects, e => e is Lost { Messages: ["for 100"] });
        Assert.Contains(new Use(2), effects);
        Assert.Equal([new Answer(3), new SayFarewell(3, Farewell.Quarantined), new Close(3)], _side.Inbound(3, 100));
        Assert.Equal(200, _side.State.Uid);
        Assert.Contains(new Transmit(2, 0, "for 200"), _side.Send("for 200")); // Numbers begin anew.
    }

    [Fact]
    public void Quarantine_says_so_and_refuses_that_incarnation_only()
    {
        _side.Dialled(link: 1, uid: 100);
        var effects = _side.Quarantined(100);
        Assert.Contains(new NowQuarantined(100, "test"), effects);
        Assert.Contains(new SayFarewell(1, Farewell.Quarantined), effects);
        Assert.Contains(new SystemLost(), effects);
        Assert.Contains(new SayFarewell(2, Farewell.Quarantined), _side.Inbound(2, 100));
        Assert.Contains(new Use(3), _side.Inbound(3, 101));
    }

    [Fact]
    public void Dialling_a_quarantined_incarnation_closes_the_gate()
    {
        _side.Quarantined(100);
        _side.Wanted();
        _side.Send("lost");
        var effects = _side.Step(new HandshakeDone(1, 100, Inbound: false, Attempt: 1));
        Assert.Contains(new SayFarewell(1, Farewell.Quarantined), effects);
        Assert.Contains(effects, e => e is Refuse);
        Assert.Contains(effects, e => e is Lost);
    }

    [Fact]
    public void Quarantine_of_another_incarnation_does_not_touch_the_living_one()
    {
        _side.Dialled(uid: 100);
        Assert.Equal([new NowQuarantined(99, "test")], _side.Quarantined(99));
        Assert.True(_side.State.IsOpen);
    }

    [Fact]
    public void Quarantine_without_uid_closes_the_links_and_the_gate()
    {
        _side.Dialled();
        Assert.Contains(new SayFarewell(1, Farewell.Unknown), _side.Quarantined(null));
        Assert.True(_side.State.IsGated);
        Assert.Contains(new Use(2), _side.Inbound(2, 100));
    }

    [Theory]
    [InlineData(Farewell.Unknown)]
    [InlineData(Farewell.ShuttingDown)]
    [InlineData(Farewell.Quarantined)]
    public void Farewell_is_not_answered(object farewell)
    {
        _side.Dialled();
        var effects = _side.Step(new Disassociated(1, (Farewell)farewell));
        Assert.Contains(new Close(1), effects);
        Assert.DoesNotContain(effects, e => e is SayFarewell);
        Assert.Equal((Farewell)farewell == Farewell.Quarantined, effects.Contains(new QuarantinedByPeer()));
        Assert.Equal((Farewell)farewell != Farewell.Unknown, effects.Contains(new SystemLost()));
        Assert.True(_side.State.IsGated);
    }

    [Fact]
    public void Heartbeats_go_out_every_four_seconds()
    {
        _side.Dialled();
        Assert.Equal(2, _side.After(Seconds(8)).Count(e => e is Heartbeat(1)));
    }

    [Fact]
    public void Link_on_which_nothing_comes_is_closed()
    {
        _side.Dialled();
        _side.After(Seconds(100));
        _side.Step(new Heard(1, _side.Now));
        Assert.DoesNotContain(_side.After(Seconds(123)), e => e is Close);
        Assert.Contains(new Close(1), _side.After(Seconds(1)));
        Assert.True(_side.State.IsGated);
    }

    [Fact]
    public void Shutdown_finishes_the_link_in_use_and_nothing_happens_after()
    {
        _side.Inbound(1, 100);
        Assert.Equal([new Finish(1)], _side.Step(ShutDown.Instance));
        Assert.Empty(_side.Wanted());
        Assert.Contains(new SayFarewell(2, Farewell.ShuttingDown), _side.Inbound(2, 100));
        Assert.Null(_side.State.Wake);
    }

    [Fact]
    public void What_is_not_worth_keeping_is_forgotten()
    {
        _side.Wanted();
        _side.Step(new DialFailed(1, "nobody"));
        Assert.DoesNotContain(_side.After(TimeSpan.FromMinutes(4)), e => e is Forget);
        Assert.Contains(new Forget(), _side.After(TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void System_that_knows_our_system_messages_is_quarantined_after_two_days_of_silence()
    {
        _side.Dialled();
        _side.Receive(0, "watch");
        _side.Step(new LinkClosed(1, null));
        Assert.DoesNotContain(_side.After(TimeSpan.FromDays(1.9)), e => e is Forget or NowQuarantined);
        Assert.Contains(_side.After(TimeSpan.FromDays(0.2)), e => e is NowQuarantined { Uid: 100 });
    }

    [Fact]
    public void Quarantine_is_forgotten_after_its_time()
    {
        _side.Dialled(uid: 100);
        _side.Quarantined(100);
        Assert.DoesNotContain(_side.After(TimeSpan.FromDays(4.9)), e => e is Forget);
        Assert.Contains(new Forget(), _side.After(TimeSpan.FromDays(0.2)));
    }

    [Fact]
    public void Message_of_a_link_that_has_ended_is_not_taken()
    {
        _side.Inbound(1, 100);
        _side.Inbound(2, 100);
        Assert.Empty(_side.Receive(0, "late", link: 1));
        Assert.Empty(_side.Step(new Acknowledged(1, new Acknowledgement(99, []))));
    }
}
