using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.TestActors;

namespace Akka.Embedded.Tests.TestKit;

public class ProbeTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Probes_have_queues_of_their_own()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe("named"));
        a.Ref.Tell("to a");
        b.Tell("to b");
        a.ExpectMsg("to a");
        b.ExpectMsg("to b");
        Assert.False(HasMessages);
        Assert.Equal("named", b.Ref.Path.Name);
    }

    [Fact]
    public void Probes_send_reply_and_forward()
    {
        var (a, b, c) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        a.Send(b, "question");
        b.ExpectMsg("question");
        Assert.Equal(a.Ref, b.Sender);
        b.Reply("answer");
        a.ExpectMsgFrom(b, "answer");
        b.Forward(c);
        c.ExpectMsgFrom(a, "question");
        b.Forward(c, "other");
        c.ExpectMsgFrom(a, "other");
    }

    [Fact]
    public void A_probe_is_equal_to_its_reference()
    {
        var probe = CreateTestProbe();
        Assert.True(probe.Equals(probe.Ref));
        Assert.Equal(probe.Ref.GetHashCode(), probe.GetHashCode());
        Assert.Equal(0, probe.CompareTo(probe.Ref));
        Assert.Throws<NotSupportedException>(() => probe.CreateTestProbe());
    }

    [Fact]
    public void Deaths_are_expected_of_watched_actors()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(BlackHoleActor.Props);
        probe.Watch(actor);
        Sys.Stop(actor);
        probe.ExpectTerminated(actor);

        var other = Sys.ActorOf(BlackHoleActor.Props);
        probe.Watch(other);
        probe.Unwatch(other);
        Watch(other);
        Sys.Stop(other);
        ExpectTerminated(other);
        probe.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_pilot_answers_in_place_of_the_test()
    {
        var probe = CreateTestProbe();
        var answers = 0;
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"{message}!");
            return ++answers == 2 ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell("a");
        probe.Ref.Tell("b");
        probe.Ref.Tell("c");
        ExpectMsg("a!");
        ExpectMsg("b!");
        probe.ExpectMsgAllOf("a", "b", "c");
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Children_of_the_test_actor_have_the_strategy_they_were_made_with()
    {
        var child = ChildActorOf(Props.Create<Failing>(), "child", new OneForOneStrategy(_ => Directive.Stop));
        Assert.Equal(TestActor.Path / "child", child.Path);
        Watch(child);
        child.Tell("fail");
        ExpectTerminated(child);

        var probe = CreateTestProbe();
        var restarted = probe.ChildActorOf<Failing>();
        restarted.Tell("fail", probe);
        restarted.Tell("are you there?", probe);
        probe.ExpectMsg("yes");
        Assert.NotEqual(restarted, await ChildActorOfAsync(Props.Create<Failing>()));
    }

    [Fact]
    public void The_ready_made_actors_do_what_they_say()
    {
        Sys.ActorOf(SimpleEchoActor.Props()).Tell("echo");
        ExpectMsg("echo");
        var probe = CreateTestProbe();
        Sys.ActorOf(EchoActor.Props(this)).Tell("echo", probe);
        ExpectMsgFrom(probe, "echo");
        probe.ExpectMsg("echo");
        Sys.ActorOf(ForwardActor.Props(probe)).Tell("forward");
        probe.ExpectMsgFrom(TestActor, "forward");
    }

    [Fact]
    public void What_a_stopped_probe_never_took_is_dead()
    {
        var dead = CreateTestProbe();
        Sys.EventStream.Subscribe(dead, typeof(Akka.Event.DeadLetter));
        var probe = CreateTestProbe();
        probe.Tell("unread");
        Sys.Stop(probe);
        Assert.Equal("unread", dead.ExpectMsg<Akka.Event.DeadLetter>().Message);
    }

    [Fact]
    public void The_kit_makes_actors_and_finds_them()
    {
        var actor = ActorOf<SimpleEchoActor>("echo");
        ActorSelection("/user/echo").Tell("a");
        ExpectMsgFrom(actor, "a");
        ActorSelection(actor.Path).Tell("b");
        ExpectMsgFrom(actor, "b");
        ActorOf(() => new ForwardActor(TestActor)).Tell("c");
        ExpectMsg("c");
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing()
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("as told"));
            ReceiveAny(_ => Sender.Tell("yes"));
        }
    }
}
