using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Replication;

public sealed class ReplicationQuotaTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Over_any_time_no_more_goes_through_than_the_rate_allows() =>
        Prop.ForAll(
            (from rate in Gen.Choose(1, 10_000)
             from steps in Gen.ListOf(from bytes in Gen.Choose(0, 20_000) from pause in Gen.Choose(0, 3_000) select (bytes, pause))
             select (rate, steps)).ToArbitrary(),
            c =>
            {
                var quota = new ReplicationQuota { BytesPerSecond = c.rate };
                var (now, sent, largest) = (TimeSpan.FromHours(5), 0L, 0);
                var start = now;
                foreach (var (bytes, pause) in c.steps)
                {
                    now += TimeSpan.FromMilliseconds(pause);
                    if (quota.WaitAt(now) > TimeSpan.Zero) continue;
                    quota.Count(bytes, now);
                    (sent, largest) = (sent + bytes, Math.Max(largest, bytes));
                    Assert.True(sent <= (c.rate * ((now - start) + Second).TotalSeconds) + largest + 1);
                }
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whoever_took_too_much_waits_for_as_long_as_that_takes_and_another_rate_starts_anew()
    {
        var quota = new ReplicationQuota { BytesPerSecond = 1000 };
        quota.Count(5000, Second);
        Assert.Equal(4 * Second, quota.WaitAt(Second)); // One second was free.
        Assert.Equal(TimeSpan.Zero, quota.WaitAt(5 * Second));
        quota.BytesPerSecond = 10;
        Assert.Equal(TimeSpan.Zero, quota.WaitAt(Second));
        quota.BytesPerSecond = 0;
        Assert.True(quota.WaitAt(Second) > TimeSpan.FromDays(1));
        quota.BytesPerSecond = ReplicationQuota.Unlimited;
        quota.Count(long.MaxValue, Second);
        Assert.Equal(TimeSpan.Zero, quota.WaitAt(Second));
    }

    [Fact]
    public void Only_throttled_partitions_wait()
    {
        var partitions = new FollowedPartitions(Second);
        FollowedPartition Of(int index) => new(new TopicId(1), index, Epoch.Zero, Offset.Zero, Epoch.None);
        var (free, throttled) = (Of(0), Of(1));
        throttled.IsThrottled = true;
        partitions.Add(free);
        partitions.Add(throttled);
        List<FollowedPartition> asked = [];
        partitions.Ask(Second, asked, throttled: TimeSpan.FromMilliseconds(100));
        Assert.Equal([free], asked);
        Assert.Equal(Second + TimeSpan.FromMilliseconds(100), partitions.NextRetry);
        asked.Clear();
        partitions.Ask(partitions.NextRetry, asked);
        Assert.Equal([throttled], asked);
    }
}
