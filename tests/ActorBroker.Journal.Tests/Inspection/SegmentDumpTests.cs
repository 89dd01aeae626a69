using ActorBroker.Journal.Inspection;
using ActorBroker.Journal.Tests.Support;

namespace ActorBroker.Journal.Tests.Inspection;

public sealed class SegmentDumpTests
{
    private readonly TestDisk _disk = new();

    public SegmentDumpTests()
    {
        var log = _disk.Open(new LogConfig { IndexIntervalBytes = 100 });
        for (var i = 0; i < 50; i++) log.Append(TestBatch.Of(1, timestampMs: TestBatch.Time + i));
        log.Close(clean: true);
    }

    [Fact]
    public void A_log_shows_its_batches_and_where_they_lie()
    {
        var batches = SegmentDump.Batches(_disk.Files, _disk.PathOf(0)).ToList();
        Assert.Equal(50, batches.Count);
        Assert.All(batches, batch => Assert.True(batch.IsValid));
        Assert.Equal(batches[0].Bytes.Length, batches[1].Position);
        Assert.Equal(49, batches[^1].Header.BaseOffset.Value);
    }

    [Fact]
    public void Damage_is_shown_where_it_is()
    {
        var length = TestBatch.Of(1).Length;
        _disk.Files.FlipBit(_disk.PathOf(0), (3 * length + 70) * 8);
        _disk.Files.FlipBit(_disk.PathOf(0), (10 * length + 16) * 8);
        var batches = SegmentDump.Batches(_disk.Files, _disk.PathOf(0)).ToList();
        Assert.Equal(11, batches.Count);
        Assert.Equal([3, 10],
            batches.Select((batch, i) => (batch.IsValid, i)).Where(each => !each.IsValid).Select(each => each.i));
    }

    [Fact]
    public void Index_entries_agree_with_the_log_and_a_wrong_one_is_named()
    {
        Assert.NotEmpty(SegmentDump.OffsetEntries(_disk.Files, _disk.PathOf(0, ".index")));
        Assert.NotEmpty(SegmentDump.TimeEntries(_disk.Files, _disk.PathOf(0, ".timeindex")));
        Assert.Empty(SegmentDump.VerifyIndexes(_disk.Files, _disk.PathOf(0)));
        _disk.Files.FlipBit(_disk.PathOf(0, ".index"), 8 + 5 * 64);
        _disk.Files.FlipBit(_disk.PathOf(0, ".timeindex"), 8 * 12 * 7 + 3);
        Assert.Equal(2, SegmentDump.VerifyIndexes(_disk.Files, _disk.PathOf(0)).Count());
    }

    [Fact]
    public void The_zeros_of_a_preallocated_index_are_no_entries()
    {
        var path = _disk.PathOf(0, ".index");
        var before = SegmentDump.OffsetEntries(_disk.Files, path);
        _disk.Files.WriteAll(path, [.. _disk.Files.ReadAll(path), .. new byte[800]]);
        Assert.Equal(before, SegmentDump.OffsetEntries(_disk.Files, path));
    }
}
