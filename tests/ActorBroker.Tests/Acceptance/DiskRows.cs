namespace ActorBroker.Tests.Acceptance;

/// <summary>Part O: what the broker does to the disk, and when.</summary>
public sealed class DiskRows : AcceptanceTest
{
    private const string Log = "t-0/00000000000000000000.log";

    public DiskRows() : base(onDisk: true) => Files = Watch = new WatchedFileSystem();

    private WatchedFileSystem Watch { get; }

    /// <summary>O01, C11: the log is written at its end only, and nothing that is written changes.</summary>
    [Fact]
    public async Task Writes_go_one_behind_the_other()
    {
        await Client.CreateAsync("t", 1);
        for (var i = 0; i < 50; i++) await Client.ProduceAsync("t", 0, new string('x', 1 + (i * 37)));
        var end = 0L;
        foreach (var write in Watch.CallsOn(Log).Where(c => c.Kind == WatchedFileSystem.Kind.Write))
        {
            Assert.Equal(end, write.Position);
            end += write.Bytes;
        }
        Assert.Equal(new FileInfo(Path.Combine(Folder, Log)).Length, end);
        Assert.DoesNotContain(Watch.CallsOn(Log), c => c.Kind == WatchedFileSystem.Kind.Cut);
    }

    /// <summary>O02, O03: by default an acknowledged record is in the page cache, and the kernel brings it to the disk.</summary>
    [Fact]
    public async Task Nothing_is_flushed_before_an_acknowledgement_by_default()
    {
        await Client.CreateAsync("t", 1);
        var before = FlushesOfTheLog();
        for (var i = 0; i < 20; i++) await Client.ProduceAsync("t", 0, $"{i}");
        Assert.Equal(before, FlushesOfTheLog());
    }

    /// <summary>O03: flush.messages.</summary>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(5, 4)]
    public async Task Records_are_flushed_as_often_as_the_topic_says(int messages, int flushes)
    {
        await Client.CreateAsync("t", 1, ("flush.messages", $"{messages}"));
        var before = FlushesOfTheLog();
        for (var i = 0; i < 20; i++) await Client.ProduceAsync("t", 0, $"{i}");
        await EventuallyAsync(() => FlushesOfTheLog() - before >= flushes);
        Assert.Equal(flushes, FlushesOfTheLog() - before);
    }

    /// <summary>O03: flush.ms.</summary>
    [Fact]
    public async Task Records_that_waited_long_enough_are_flushed()
    {
        await RestartAsync(("log.flush.scheduler.interval.ms", "20"));
        await Client.CreateAsync("t", 1, ("flush.ms", "1"));
        var before = FlushesOfTheLog();
        await Client.ProduceAsync("t", 0, "waits");
        await EventuallyAsync(() => FlushesOfTheLog() > before);
    }

    /// <summary>O05: what a producer sends in one batch is one write, however many records it has.</summary>
    [Fact]
    public async Task A_batch_is_one_write()
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, [.. Enumerable.Range(0, 10_000).Select(i => $"record {i}")]);
        var write = Assert.Single(Watch.CallsOn(Log), c => c.Kind == WatchedFileSystem.Kind.Write);
        Assert.Equal(new FileInfo(Path.Combine(Folder, Log)).Length, write.Bytes);
    }

    /// <summary>O06: sendfile takes the records of a fetch from the page cache to the socket; O04: from nowhere else.</summary>
    [Fact]
    public async Task A_large_fetch_does_not_read_the_log_into_the_process()
    {
        await Client.CreateAsync("t", 1);
        for (var i = 0; i < 4; i++) await Client.ProduceAsync("t", 0, new string('x', 900_000));
        var before = Watch.CallsOn(Log).Count(c => c.Kind == WatchedFileSystem.Kind.Read);
        var fetched = await Client.FetchAsync("t", 0, from: 0);
        Assert.Equal(new FileInfo(Path.Combine(Folder, Log)).Length, fetched.Records.Length);
        var reads = Watch.CallsOn(Log).Where(c => c.Kind == WatchedFileSystem.Kind.Read).Skip(before).ToList();
        Assert.InRange(reads.Sum(r => r.Bytes), 0, fetched.Records.Length / 10); // Headers of batches, to find where it ends.
    }

    private int FlushesOfTheLog() => Watch.CallsOn(Log).Count(c => c.Kind == WatchedFileSystem.Kind.Flush);
}
