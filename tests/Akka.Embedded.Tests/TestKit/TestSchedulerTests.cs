using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;

namespace Akka.Embedded.Tests.TestKit;

public class TestSchedulerTests() : Akka.TestKit.Xunit2.TestKit(TestConfigs.TestSchedulerConfig)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Nothing_happens_until_time_is_advanced()
    {
        Scheduler.ScheduleTellOnce(Second, TestActor, "a", ActorRefs.NoSender);
        Assert.False(HasMessages);
        Scheduler.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(HasMessages);
        Scheduler.Advance(TimeSpan.FromTicks(1));
        ExpectMsg("a");
    }

    [Fact]
    public void What_is_due_happens_in_the_order_of_time_and_then_of_scheduling()
    {
        var start = Scheduler.Now;
        var happened = new List<(string, TimeSpan)>();
        void At(int seconds, string what) =>
            Scheduler.ScheduleOnce(seconds * Second, () => happened.Add((what, Scheduler.Now - start)));
        At(3, "c");
        At(1, "a");
        At(3, "d");
        At(2, "b");
        Scheduler.Advance(5 * Second);
        Assert.Equal([("a", Second), ("b", 2 * Second), ("c", 3 * Second), ("d", 3 * Second)], happened);
        Assert.Equal(5 * Second, Scheduler.Now - start);
    }

    [Fact]
    public void What_is_scheduled_on_the_way_happens_on_the_way()
    {
        Scheduler.ScheduleOnce(Second, () => Scheduler.ScheduleTellOnce(Second, TestActor, "a", ActorRefs.NoSender));
        Scheduler.Advance(2 * Second);
        ExpectMsg("a");
    }

    [Fact]
    public void Repetitions_go_on_until_cancelled()
    {
        var cancelable = new Cancelable(Scheduler.Advanced);
        Scheduler.ScheduleTellRepeatedly(Second, 2 * Second, TestActor, "tick", ActorRefs.NoSender, cancelable);
        Scheduler.Advance(5 * Second);
        Assert.Equal(3, ReceiveN(3).Count);
        cancelable.Cancel();
        Scheduler.Advance(10 * Second);
        Assert.False(HasMessages);
    }

    [Fact]
    public void Time_does_not_go_back()
    {
        Assert.Throws<InvalidOperationException>(() => Scheduler.AdvanceTo(Scheduler.Now - Second));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scheduler.Advance(-Second));
        var then = Scheduler.Now + Second;
        Scheduler.AdvanceTo(then);
        Assert.Equal(then, Scheduler.Now);
    }

    [Fact]
    public void The_timers_of_actors_go_by_this_time()
    {
        var actor = ActorOfAsTestActorRef<Sleeper>(Props.Create(() => new Sleeper(TestActor)));
        Scheduler.Advance(TimeSpan.FromHours(1));
        ExpectMsg("timer");
        actor.Tell("a");
        Scheduler.Advance(TimeSpan.FromHours(2));
        ExpectMsg("timeout");
    }

    private sealed class Sleeper : ReceiveActor, IWithTimers
    {
        public Sleeper(IActorRef report)
        {
            Receive<ReceiveTimeout>(_ => report.Tell("timeout"));
            Receive<string>(text => text == "timer", text => report.Tell(text));
            ReceiveAny(_ => SetReceiveTimeout(TimeSpan.FromHours(2)));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("key", "timer", TimeSpan.FromHours(1));
    }
}
