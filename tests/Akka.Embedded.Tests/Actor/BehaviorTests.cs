using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class BehaviorTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Become_replaces_the_handler_and_unbecome_goes_back_to_the_first()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody()));
        Says(actor, "calm", to: "");
        Says(actor, "calm", to: "angry");
        Says(actor, "angry", to: "");
        Says(actor, "angry", to: "happy");
        Says(actor, "happy", to: "");
        Says(actor, "happy", to: "back");
        Says(actor, "calm", to: "");
    }

    [Fact]
    public void Become_stacked_and_unbecome_go_up_and_down()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody()));
        Says(actor, "calm", to: "+angry");
        Says(actor, "angry", to: "+happy");
        Says(actor, "happy", to: "back");
        Says(actor, "angry", to: "");
        Says(actor, "angry", to: "back");
        Says(actor, "calm", to: "back");
        Says(actor, "calm", to: "");
    }

    [Fact]
    public void The_first_handler_that_fits_wins_and_predicates_count()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Sorter()));
        actor.Tell(5);
        ExpectMsg("small");
        actor.Tell(50);
        ExpectMsg("large");
        actor.Tell("text");
        ExpectMsg("string");
        actor.Tell(1.5);
        ExpectMsg("double by type");
        actor.Tell('c');
        ExpectMsg("any");
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        var events = CreateTestProbe();
        Sys.EventStream.Subscribe(events.Ref, typeof(Akka.Event.UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new OnlyInts()));
        actor.Tell("not an int");
        var unhandled = events.ExpectMsg<Akka.Event.UnhandledMessage>();
        Assert.Equal("not an int", unhandled.Message);
        Assert.Equal(actor, unhandled.Recipient);
        Assert.Equal(TestActor, unhandled.Sender);
    }

    [Fact]
    public void No_handler_can_follow_one_that_takes_all()
    {
        var watched = Watch(Sys.ActorOf(Props.Create(() => new Misdeclared())));
        ExpectTerminated(watched); // Its constructor throws.
    }

    [Fact]
    public void A_wrapped_receive_sees_every_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Counting()));
        actor.Tell("a");
        actor.Tell("b");
        ExpectMsg("1: a");
        ExpectMsg("2: b");
    }

    private void Says(IActorRef actor, string mood, string to)
    {
        actor.Tell(to);
        ExpectMsg(mood);
    }

    private sealed class Moody : ReceiveActor
    {
        public Moody() => Mood("calm");

        private void Mood(string mood) => Receive<string>(command =>
        {
            Sender.Tell(mood);
            if (command == "back") UnbecomeStacked();
            else if (command.StartsWith('+')) BecomeStacked(() => Mood(command[1..]));
            else if (command.Length > 0) Become(() => Mood(command));
        });
    }

    private sealed class Sorter : ReceiveActor
    {
        public Sorter()
        {
            Receive<int>(n => n < 10, _ => Sender.Tell("small"));
            Receive<int>(_ => Sender.Tell("large"));
            Receive<string>(_ => false);
            Receive<IEnumerable<char>>(_ => Sender.Tell("string"));
            Receive(typeof(double), _ => Sender.Tell("double by type"));
            ReceiveAny(_ => Sender.Tell("any"));
        }
    }

    private sealed class OnlyInts : ReceiveActor
    {
        public OnlyInts() => Receive<int>(_ => { });
    }

    private sealed class Misdeclared : ReceiveActor
    {
        public Misdeclared()
        {
            ReceiveAny(_ => { });
            Receive<int>(_ => { });
        }
    }

    private sealed class Counting : UntypedActor
    {
        private int _count;

        protected override bool AroundReceive(Receive receive, object message)
        {
            _count++;
            return base.AroundReceive(receive, message);
        }

        protected override void OnReceive(object message) => Sender.Tell($"{_count}: {message}");
    }
}
