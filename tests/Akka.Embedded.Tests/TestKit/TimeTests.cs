using Akka.Actor;
using Akka.TestKit;
using static Akka.Embedded.Tests.TestKit.Short;

namespace Akka.Embedded.Tests.TestKit;

public class TimeTests() : Akka.TestKit.Xunit2.TestKit(Expectations)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void Within_bounds_what_is_expected_in_it()
    {
        Within(Long, () =>
        {
            Assert.InRange(Remaining, TimeSpan.FromSeconds(1), Long);
            Within(TimeSpan.FromSeconds(1), () => Assert.InRange(Remaining, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
            Assert.True(Remaining > TimeSpan.FromSeconds(1));
        });
        Assert.Throws<InvalidOperationException>(() => Remaining);
        Failure(() => Within(Time, () => ExpectMsg<string>()));
    }

    [Fact]
    public void A_block_that_takes_too_long_fails() =>
        Assert.Contains("should take at most",
            Failure(() => Within(Time, () => AwaitCondition(() => Remaining == TimeSpan.Zero, Long))));

    [Fact]
    public void A_block_that_is_too_quick_fails() =>
        Assert.Contains("should take at least 00:00:05: the hint",
            Failure(() => Within(TimeSpan.FromSeconds(5), Long, () => { }, "the hint")));

    [Fact]
    public void A_block_may_end_in_silence() => Within(Time, () => ExpectNoMsg());

    [Fact]
    public async Task Blocks_give_results_and_can_wait_asynchronously()
    {
        Assert.Equal(1, Within(Long, () => 1));
        Assert.Equal("a", await WithinAsync(Long, async () =>
        {
            TestActor.Tell("a");
            return await ExpectMsgAsync<string>();
        }));
        await Failure(() => WithinAsync(Time, async () => await ExpectMsgAsync<string>()));
    }

    [Fact]
    public async Task Conditions_are_asked_until_they_hold()
    {
        var asked = 0;
        AwaitCondition(() => ++asked == 3, Long, TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, asked);
        await AwaitConditionAsync(() => Task.FromResult(++asked == 6), Long, TimeSpan.FromMilliseconds(1));
        Assert.True(AwaitConditionNoThrow(() => true, Time));
        Assert.False(await AwaitConditionNoThrowAsync(() => false, Time));
        Assert.Contains("has not become true within 00:00:00.0500000: the hint",
            Failure(() => AwaitCondition(() => false, Time, "the hint")));
    }

    [Fact]
    public async Task Assertions_are_tried_until_they_hold()
    {
        var tried = 0;
        AwaitAssert(() => Assert.Equal(3, ++tried), Long, TimeSpan.FromMilliseconds(1));
        await AwaitAssertAsync(() => Assert.Equal(6, ++tried), Long, TimeSpan.FromMilliseconds(1));
        Assert.IsType<Xunit.Sdk.EqualException>(Record.Exception(() => AwaitAssert(() => Assert.Equal(1, 2), Time)));
    }

    [Fact]
    public void Times_are_dilated()
    {
        var kit = new Akka.TestKit.Xunit2.TestKit("akka.test { timefactor = 3, single-expect-default = 7s }");
        Assert.Equal(TimeSpan.FromSeconds(6), kit.Dilated(TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(21), kit.RemainingOrDefault);
        kit.Dispose();
    }

    [Fact]
    public void Latches_open_when_counted_down()
    {
        var latch = CreateTestLatch(2);
        latch.CountDown();
        Assert.Throws<TimeoutException>(() => latch.Ready(Time));
        latch.CountDown();
        latch.Ready();
        Assert.True(latch.IsOpen);
        latch.Reset();
        Assert.False(latch.IsOpen);
        latch.Open();
        latch.Ready();
    }

    [Fact]
    public async Task Barriers_wait_for_all()
    {
        var barrier = CreateTestBarrier(2);
        var other = Task.Run(barrier.Await);
        barrier.Await();
        await other.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Throws<TimeoutException>(() => barrier.Await(Time));
    }
}
