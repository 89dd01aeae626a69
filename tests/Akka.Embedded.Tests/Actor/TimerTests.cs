using Akka.Actor;
using Akka.TestKit;

namespace Akka.Embedded.Tests.Actor;

public sealed class TimerTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public TimerTests() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"") { }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_single_timer_fires_once()
    {
        var actor = Start();
        Do(actor, t => t.StartSingleTimer("k", "tick", Second));
        Scheduler.Advance(Second / 2);
        ExpectNoMsg(TimeSpan.Zero);
        Scheduler.Advance(Second / 2);
        ExpectMsg("tick");
        Do(actor, t => Assert.False(t.IsTimerActive("k")));
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_cancelled()
    {
        var actor = Start();
        Do(actor, t => t.StartPeriodicTimer("k", "tick", Second));
        for (var i = 0; i < 3; i++)
        {
            Scheduler.Advance(Second);
            ExpectMsg("tick");
        }
        Do(actor, t => t.Cancel("k"));
        Scheduler.Advance(Second * 5);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void A_new_timer_replaces_that_of_the_same_key_even_if_its_message_is_in_the_mailbox()
    {
        var actor = Start();
        Do(actor, t => t.StartSingleTimer("k", "old", Second));
        Do(actor, t =>
        {
            Scheduler.Advance(Second); // "old" is in the mailbox now.
            t.StartSingleTimer("k", "new", Second);
        });
        Scheduler.Advance(Second);
        ExpectMsg("new");
    }

    [Fact]
    public void A_restart_ends_the_timers()
    {
        var actor = Start();
        Do(actor, t => t.StartPeriodicTimer("k", "tick", Second));
        actor.Tell("fail");
        ExpectMsg("restarted");
        Scheduler.Advance(Second * 3);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void Receive_timeout_comes_after_silence_and_again_and_again()
    {
        var actor = Start();
        actor.Tell(Second);
        ExpectMsg("set");
        Settle(actor);
        Scheduler.Advance(Second);
        ExpectMsg("silence");
        Settle(actor);
        Scheduler.Advance(Second);
        ExpectMsg("silence");
    }

    [Fact]
    public void Messages_put_the_receive_timeout_off_unless_they_do_not_count()
    {
        var actor = Start();
        actor.Tell(Second);
        ExpectMsg("set");
        Settle(actor);
        Scheduler.Advance(Second / 2);
        actor.Tell("ping");
        ExpectMsg("ping");
        Settle(actor);
        Scheduler.Advance(Second * 0.6);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
        Settle(actor); // Identify doesn't count.
        Scheduler.Advance(Second * 0.4);
        ExpectMsg("silence");
    }

    /// <summary>The message before has been handled to the end: its silence is counted from a time before this.</summary>
    private void Settle(IActorRef actor)
    {
        actor.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>();
    }

    private IActorRef Start()
    {
        var me = TestActor;
        return Sys.ActorOf(Props.Create(() => new Clock(me)));
    }

    private void Do(IActorRef actor, Action<ITimerScheduler> action)
    {
        actor.Tell(action);
        ExpectMsg("did");
    }

    private sealed class Clock : ReceiveActor, IWithTimers
    {
        public Clock(IActorRef observer)
        {
            Receive<Action<ITimerScheduler>>(action =>
            {
                action(Timers);
                observer.Tell("did");
            });
            Receive<TimeSpan>(timeout =>
            {
                Context.SetReceiveTimeout(timeout);
                observer.Tell("set");
            });
            Receive<ReceiveTimeout>(_ => observer.Tell("silence"));
            Receive<string>(s => s == "fail", _ => throw new InvalidOperationException("fail"));
            ReceiveAny(observer.Tell);
            _observer = observer;
        }

        private readonly IActorRef _observer;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PostRestart(Exception reason) => _observer.Tell("restarted");
    }
}
