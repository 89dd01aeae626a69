using ActorBroker.Journal.Epochs;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Tests.Epochs;

public sealed class LeaderEpochsTests
{
    private static readonly LeaderEpochs Three = LeaderEpochs.Empty.Assign(new(2), new(0)).Assign(new(4), new(10))
        .Assign(new(7), new(25));

    [Theory]
    [InlineData(7, 7, 40)] // The current epoch ends with the log.
    [InlineData(8, -1, -1)] // A later one is unknown.
    [InlineData(4, 4, 25)]
    [InlineData(6, 4, 25)] // No records of it: the largest below.
    [InlineData(2, 2, 10)]
    [InlineData(1, 1, 0)] // Before all: the start of the first.
    [InlineData(-1, -1, -1)]
    public void End_of_an_epoch(int epoch, int foundEpoch, long end) =>
        Assert.Equal(new EpochEnd(new(foundEpoch), new(end)), Three.EndOf(new(epoch), new(40)));

    [Fact]
    public void An_empty_log_knows_no_epoch() =>
        Assert.Equal(EpochEnd.Unknown, LeaderEpochs.Empty.EndOf(Epoch.Zero, Offset.Zero));

    [Fact]
    public void The_epoch_at_an_offset_is_its_writers()
    {
        Assert.Equal([2, 2, 4, 4, 7, 7], new long[] { 0, 9, 10, 24, 25, 99 }.Select(offset => Three.At(new(offset)).Value));
        Assert.Equal(Epoch.None, LeaderEpochs.Empty.At(new(3)));
    }

    [Fact]
    public void What_contradicts_a_new_entry_is_dropped() =>
        Assert.Equal([new(new(2), new(0)), new EpochStart(new(5), new(8))], Three.Assign(new(5), new(8)).Entries.AsEnumerable());

    [Fact]
    public void Truncation_at_the_end_drops_epochs_that_have_no_record_left()
    {
        Assert.Equal(2, Three.TruncatedTo(new(25)).Entries.Length);
        Assert.Equal(3, Three.TruncatedTo(new(26)).Entries.Length);
        Assert.Empty(Three.TruncatedTo(new(0)).Entries);
    }

    [Fact]
    public void Truncation_at_the_start_keeps_the_epoch_that_the_log_now_starts_with()
    {
        Assert.Equal([new(new(4), new(15)), new EpochStart(new(7), new(25))],
            Three.TruncatedBefore(new(15)).Entries.AsEnumerable());
        Assert.Equal([new EpochStart(new(7), new(25))], Three.TruncatedBefore(new(25)).Entries.AsEnumerable());
        Assert.Equal([new EpochStart(new(7), new(100))], Three.TruncatedBefore(new(100)).Entries.AsEnumerable());
        Assert.Same(Three, Three.TruncatedBefore(new(0)));
    }
}
