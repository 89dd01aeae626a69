using ActorBroker.Core.Quorum;

namespace ActorBroker.Core.Tests.Quorum;

public sealed class DiskPatienceTests
{
    private readonly DiskPatience _patience = new();

    [Fact]
    public void A_disk_that_has_not_refused_is_not_waited_for()
    {
        Assert.False(_patience.Waits(TimeSpan.Zero));
        Assert.False(_patience.Took());
    }

    [Fact]
    public void Pauses_grow_up_to_the_longest_and_begin_anew_when_the_disk_has_taken_something()
    {
        var now = TimeSpan.FromDays(1);
        Assert.Equal([0.5, 1, 2, 4, 8, 10, 10], Enumerable.Range(0, 7).Select(_ => PauseAt(ref now)));
        Assert.True(_patience.Took());
        Assert.False(_patience.Waits(now));
        Assert.Equal(0.5, PauseAt(ref now));
    }

    [Fact]
    public void It_is_said_at_once_then_rarely_and_at_once_the_next_time()
    {
        var said = 0;
        for (var now = TimeSpan.Zero; now < 2 * DiskPatience.Silence; now += TimeSpan.FromSeconds(10))
            said += _patience.Refused(now) ? 1 : 0;
        Assert.Equal(2, said);
        Assert.True(_patience.Took());
        Assert.True(_patience.Refused(2 * DiskPatience.Silence));
    }

    private double PauseAt(ref TimeSpan now)
    {
        var refused = now;
        _patience.Refused(now);
        while (_patience.Waits(now)) now += TimeSpan.FromMilliseconds(100);
        return (now - refused).TotalSeconds;
    }
}
