using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

/// <summary>What happens to children, mailbox and supervisor around a restart.</summary>
public sealed class RestartTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_restart_waits_for_the_children_to_die_and_messages_wait_for_the_restart()
    {
        var childMayStop = new ManualResetEventSlim();
        var parent = Start(stopChildren: true, childMayStop);
        parent.Tell("fail");
        parent.Tell("ping");
        ExpectMsg("parent stopped");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50)); // The child is not dead yet, so nobody answers.
        childMayStop.Set();
        ExpectMsg("child stopped");
        ExpectMsg("parent started");
        ExpectMsgAllOf("child started", "pong");
    }

    [Fact]
    public void Children_that_pre_restart_lets_live_are_restarted_with_their_parent()
    {
        var parent = Start(stopChildren: false);
        parent.Tell("fail");
        ExpectMsg("parent stopped");
        ExpectMsg("parent started");
        ExpectMsg("child stopped");
        ExpectMsg("child started");
        parent.Tell("child?");
        ExpectMsg("I am child");
    }

    [Fact]
    public void The_children_of_a_failed_actor_rest_until_its_supervisor_has_decided()
    {
        var decide = new ManualResetEventSlim();
        var me = TestActor;
        var root = Sys.ActorOf(Props.Create(() => new Judge(me, decide)));
        root.Tell("start");
        ExpectMsg("parent started");
        ExpectMsg("child started");
        root.Tell("fail");
        ExpectMsg("judging");
        Sys.ActorSelection(root.Path / "parent" / "child").Tell("who?");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        decide.Set(); // Resume.
        ExpectMsg("I am child");
    }

    [Fact]
    public void An_actor_whose_constructor_fails_in_a_restart_is_stopped_by_default()
    {
        var me = TestActor;
        var attempts = 0;
        Func<bool> refuses = () => ++attempts == 2;
        var actor = Watch(Sys.ActorOf(Props.Create(() => new Reluctant(me, refuses))));
        ExpectMsg("made");
        actor.Tell("fail");
        ExpectTerminated(actor);
        Assert.Equal(2, attempts);
    }

    [Fact]
    public void A_stop_that_meets_a_restart_runs_post_stop_once()
    {
        var childMayStop = new ManualResetEventSlim();
        var parent = Watch(Start(stopChildren: true, childMayStop));
        parent.Tell("fail");
        ExpectMsg("parent stopped");
        ((IInternalActorRef)parent).Stop();
        childMayStop.Set();
        ExpectMsg("child stopped");
        ExpectTerminated(parent);
    }

    private IActorRef Start(bool stopChildren, ManualResetEventSlim? childMayStop = null)
    {
        var me = TestActor;
        var gate = childMayStop ?? new ManualResetEventSlim(true);
        var parent = Sys.ActorOf(Props.Create(() => new Parent(me, stopChildren, gate)));
        ExpectMsg("parent started");
        ExpectMsg("child started");
        return parent;
    }

    private sealed class Parent : UntypedActor
    {
        private readonly IActorRef _observer;
        private readonly bool _stopChildren;
        private readonly IActorRef _child;

        public Parent(IActorRef observer, bool stopChildren, ManualResetEventSlim childMayStop)
        {
            _observer = observer;
            _stopChildren = stopChildren;
            observer.Tell("parent started");
            var child = Context.Child("child");
            _child = child.IsNobody() ? Context.ActorOf(Props.Create(() => new Child(observer, childMayStop)), "child") : child;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "fail": throw new InvalidOperationException("fail");
                case "child?": _child.Forward("who?"); break;
                default: Sender.Tell("pong"); break;
            }
        }

        protected override void PreRestart(Exception reason, object message)
        {
            if (_stopChildren) base.PreRestart(reason, message);
            else PostStop();
        }

        protected override void PostStop() => _observer.Tell("parent stopped");
    }

    private sealed class Child : UntypedActor
    {
        private readonly IActorRef _observer;
        private readonly ManualResetEventSlim _mayStop;

        public Child(IActorRef observer, ManualResetEventSlim mayStop)
        {
            _observer = observer;
            _mayStop = mayStop;
            observer.Tell("child started");
        }

        protected override void OnReceive(object message) => Sender.Tell($"I am {Self.Path.Name}");

        protected override void PostStop()
        {
            _mayStop.Wait(TimeSpan.FromSeconds(20));
            _observer.Tell("child stopped");
        }
    }

    private sealed class Judge : UntypedActor
    {
        private readonly IActorRef _observer;
        private readonly ManualResetEventSlim _decide;

        public Judge(IActorRef observer, ManualResetEventSlim decide)
        {
            _observer = observer;
            _decide = decide;
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            _observer.Tell("judging");
            _decide.Wait(TimeSpan.FromSeconds(20));
            return Directive.Resume;
        });

        protected override void OnReceive(object message)
        {
            if (message is "start")
            {
                var gate = new ManualResetEventSlim(true);
                Context.ActorOf(Props.Create(() => new Parent(_observer, true, gate)), "parent");
            }
            else
            {
                Context.Child("parent").Forward(message);
            }
        }
    }

    private sealed class Reluctant : UntypedActor
    {
        public Reluctant(IActorRef observer, Func<bool> refuses)
        {
            if (refuses()) throw new NotSupportedException("not now");
            observer.Tell("made");
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("fail");
    }
}
