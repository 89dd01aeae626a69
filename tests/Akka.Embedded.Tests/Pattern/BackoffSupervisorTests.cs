using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit;

namespace Akka.Embedded.Tests.Pattern;

public sealed class BackoffSupervisorTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public BackoffSupervisorTests() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"") { }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_stopped_child_is_started_again_after_delays_that_double()
    {
        var supervisor = Supervise(Backoff.OnStop(Child(), "c", Second, Second * 60, 0).WithManualReset());
        for (var seconds = 1; seconds <= 8; seconds *= 2)
        {
            supervisor.Tell("stop");
            AwaitAssert(() => Assert.Equal("nobody there", AnswerOf(supervisor)));
            Scheduler.Advance(Second * seconds * 0.9);
            Assert.Equal("nobody there", AnswerOf(supervisor));
            Scheduler.Advance(Second * seconds * 0.2);
            AwaitAssert(() => Assert.Equal("hello", AnswerOf(supervisor)));
        }
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(4, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(0, ExpectMsg<BackoffSupervisor.RestartCount>().Count);
    }

    [Fact]
    public void After_too_many_restarts_the_supervisor_stops()
    {
        var supervisor = Watch(Supervise(Backoff.OnStop(Child(), "c", Second, Second * 60, 0, 1).WithManualReset()));
        supervisor.Tell("stop");
        AwaitAssert(() => Assert.Equal("nobody there", AnswerOf(supervisor)));
        Scheduler.Advance(Second);
        AwaitAssert(() => Assert.Equal("hello", AnswerOf(supervisor)));
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_failed_child_is_started_again_later_and_a_stopped_one_is_not()
    {
        var supervisor = Watch(Supervise(Backoff.OnFailure(Child(), "c", Second, Second * 60, 0)));
        supervisor.Tell("fail");
        AwaitAssert(() => Assert.Equal("nobody there", AnswerOf(supervisor)));
        Scheduler.Advance(Second);
        AwaitAssert(() => Assert.Equal("hello", AnswerOf(supervisor)));
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void A_final_stop_message_ends_both()
    {
        var options = Backoff.OnStop(Child(), "c", Second, Second * 60, 0).WithFinalStopMessage(m => m is "stop");
        var supervisor = Watch(Supervise(options));
        supervisor.Tell("stop");
        ExpectTerminated(supervisor);
    }

    private IActorRef Supervise(BackoffOptions options)
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options.WithReplyWhileStopped("nobody there")));
        AwaitAssert(() => Assert.Equal("hello", AnswerOf(supervisor)));
        return supervisor;
    }

    // A message that meets the child while it stops is lost, so the question may stay without an answer.
    private static string AnswerOf(IActorRef supervisor) =>
        supervisor.Ask<string>("hello", TimeSpan.FromMilliseconds(200)).GetAwaiter().GetResult();

    private static Props Child() => Fn.Props((m, c) =>
    {
        switch (m)
        {
            case "stop": c.Stop(c.Self); break;
            case "fail": throw new InvalidOperationException("fail");
            default: c.Sender.Tell(m); break;
        }
    });
}
