using System.Diagnostics;
using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class SchedulerTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Messages_come_after_their_delay_and_never_early()
    {
        var start = Stopwatch.StartNew();
        foreach (var delay in new[] { 40, 0, 20 })
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(delay), TestActor, delay, ActorRefs.NoSender);
        var seen = new List<int>();
        while (seen.Count < 3) // In whatever order: on a busy machine the last may be scheduled when the first is due.
        {
            seen.Add(ExpectMsg<int>());
            Assert.True(start.ElapsedMilliseconds >= seen[^1]);
        }
        Assert.Equal([0, 20, 40], seen.Order());
    }

    [Fact]
    public void Of_one_tick_the_first_scheduled_comes_first()
    {
        for (var i = 0; i < 50; i++)
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(30), TestActor, i, ActorRefs.NoSender);
        var order = ReceiveN(50).Cast<int>().ToArray();
        Assert.Equal(Enumerable.Range(0, 50), order.Order());
    }

    [Fact]
    public void A_cancelled_timer_doesn_t_fire()
    {
        var cancelled = Sys.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(30), TestActor, "cancelled",
            ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(60), TestActor, "end", ActorRefs.NoSender);
        cancelled.Cancel();
        Assert.True(cancelled.IsCancellationRequested);
        ExpectMsg("end");
    }

    [Fact]
    public async Task A_repetition_goes_on_until_it_is_cancelled_whatever_it_throws()
    {
        var count = 0;
        var enough = new TaskCompletionSource();
        var repeating = Sys.Scheduler.Advanced.ScheduleRepeatedlyCancelable(TimeSpan.Zero, TimeSpan.FromMilliseconds(10), () =>
        {
            if (++count == 3) enough.SetResult();
            throw new InvalidOperationException("ignored");
        });
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(20));
        repeating.Cancel();
    }

    [Fact]
    public void Delays_longer_than_a_turn_of_the_wheel_are_not_forgotten()
    {
        // 512 buckets of 10 ms are 5.12 s; both timers are in the same bucket.
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(5140), TestActor, "long", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), TestActor, "short", ActorRefs.NoSender);
        ExpectMsg("short");
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        ExpectMsg("long", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Negative_delays_and_empty_intervals_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromTicks(-1), TestActor, "x",
            ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero,
            TestActor, "x", ActorRefs.NoSender));
    }
}
