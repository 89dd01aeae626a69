using System.Net;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Inspection;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Part D: what lies on the disk, and for how long.</summary>
public sealed class StorageRows : AcceptanceTest
{
    private const long Hour = 3_600_000;

    private readonly PhysicalFileSystem _disk = new();

    public StorageRows() : base(onDisk: true)
    {
    }

    /// <summary>D01, C04: partitions are folders; the topic itself is nowhere but in the metadata.</summary>
    [Fact]
    public async Task Each_partition_has_a_folder_named_after_topic_and_number()
    {
        await Client.CreateAsync("test", 2);
        Assert.Equal(["test-0", "test-1"], Directory.GetDirectories(Folder, "test*").Select(d => Path.GetFileName(d)).Order());
        Assert.Empty(Directory.GetFiles(Folder, "test*"));
    }

    /// <summary>D02, D03, D04</summary>
    [Fact]
    public async Task A_hundred_messages_in_segments_of_twenty_are_five_files_named_by_their_first_offsets()
    {
        await ProduceHundredAsync("segment.bytes", $"{20 * Message(0).Length}");
        Assert.Equal(
            new[] { "00", "20", "40", "60", "80" }.Select(end => $"000000000000000000{end}.log"),
            FilesOf("t-0", "*.log").Select(f => Path.GetFileName(f)));
    }

    /// <summary>D05</summary>
    [Fact]
    public async Task Every_offset_is_found_in_its_segment()
    {
        await ProduceHundredAsync("segment.bytes", $"{20 * Message(0).Length}");
        for (var offset = 0; offset < 100; offset++)
        {
            var fetched = await Client.FetchAsync("t", 0, offset, maxBytes: 1);
            Assert.Equal(Message(offset).Length, fetched.Records.Length);
            Assert.Equal(offset, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(fetched.Records.Span));
        }
    }

    /// <summary>D06, D07, D11: both indexes say of some batches where they lie, the log itself says it of each.</summary>
    [Fact]
    public async Task Indexes_are_sparse_and_agree_with_the_log()
    {
        await Client.CreateAsync("t", 1, ("index.interval.bytes", "1000"));
        for (var i = 0; i < 100; i++) await Client.ProduceAsync("t", 0, TestBatch.At(1_000 + i, new string('x', 100)));
        await StopAsync();
        var log = File("00000000000000000000.log");
        Assert.InRange(SegmentDump.OffsetEntries(_disk, File("00000000000000000000.index")).Count, 10, 20);
        Assert.InRange(SegmentDump.TimeEntries(_disk, File("00000000000000000000.timeindex")).Count, 10, 20);
        Assert.Empty(SegmentDump.VerifyIndexes(_disk, log));
        var position = 0L;
        foreach (var (batch, offset) in SegmentDump.Batches(_disk, log).Select((b, i) => (b, i)))
        {
            Assert.Equal((true, new Offset(offset), position), (batch.IsValid, batch.Header.BaseOffset, batch.Position));
            position += batch.Bytes.Length;
        }
        Assert.Equal(new FileInfo(log).Length, position);
    }

    /// <summary>D12: in blocks of some entries, so that not each record costs a second write.</summary>
    [Fact]
    public async Task The_index_grows_with_the_log()
    {
        await Client.CreateAsync("t", 1, ("index.interval.bytes", "1"));
        var bytes = 0L;
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 520; i++) await Client.ProduceAsync("t", 0, "x");
            var now = new FileInfo(File("00000000000000000000.index")).Length;
            Assert.InRange(now, bytes + 1, long.MaxValue);
            bytes = now;
        }
    }

    /// <summary>D07: offsets by time.</summary>
    [Fact]
    public async Task The_first_record_at_or_after_a_time_is_found()
    {
        await Client.CreateAsync("t", 1, ("index.interval.bytes", "0"), ("segment.bytes", "1000"));
        for (var i = 0; i < 100; i++) await Client.ProduceAsync("t", 0, TestBatch.At(1_000 + (10 * i), $"{i}"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, await Client.OffsetAsync("t", 0, 1_000 + (10 * i)));
            Assert.Equal(i, await Client.OffsetAsync("t", 0, 991 + (10 * i)));
        }
        Assert.Equal(-1, await Client.OffsetAsync("t", 0, 2_000));
        Assert.Equal(99, await Client.OffsetAsync("t", 0, ListOffsetsRequest.MaxTimestamp));
    }

    /// <summary>D08, M11</summary>
    [Fact]
    public async Task Half_the_index_interval_makes_twice_the_entries()
    {
        await RestartAsync(("log.index.interval.bytes", "2000"));
        await Client.CreateAsync("wide", 1, ("index.interval.bytes", "4000"));
        await Client.CreateAsync("narrow", 1);
        foreach (var topic in new[] { "wide", "narrow" })
            for (var i = 0; i < 400; i++) await Client.ProduceAsync(topic, 0, "x");
        await StopAsync();
        var (wide, narrow) = (EntriesOf("wide-0"), EntriesOf("narrow-0"));
        Assert.InRange(wide, 5, 20);
        Assert.InRange(narrow, (2 * wide) - 2, (2 * wide) + 2);
    }

    /// <summary>D09, D10</summary>
    [Fact]
    public async Task Records_have_the_time_of_their_producer_or_of_the_broker_as_the_topic_says()
    {
        await Client.CreateAsync("created", 1);
        await Client.CreateAsync("appended", 1, ("message.timestamp.type", "LogAppendTime"));
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var created = await Client.TryProduceAsync("created", 0, TestBatch.At(5_000, "a", "b"));
        var appended = await Client.TryProduceAsync("appended", 0, TestBatch.At(5_000, "a", "b"));
        Assert.Equal(-1, created.LogAppendTimeMs);
        Assert.InRange(appended.LogAppendTimeMs, before, before + 60_000);
        Assert.Equal([5_000, 5_001], (await Client.ReadAsync("created", 0)).Select(r => r.TimestampMs));
        Assert.All(await Client.ReadAsync("appended", 0), r => Assert.Equal(appended.LogAppendTimeMs, r.TimestampMs));
    }

    /// <summary>D13: reads don't hold up writes, not even those of a client that asks for much and takes nothing.</summary>
    [Fact]
    public async Task Producers_go_on_while_a_reader_of_everything_stands_still()
    {
        await Client.CreateAsync("t", 1);
        for (var i = 0; i < 12; i++) await Client.ProduceAsync("t", 0, new string('x', 1_000_000));
        using var reader = await RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
        var all = new FetchRequest.Partition { PartitionMaxBytes = 50 << 20 };
        await reader.SendAsync(RawClient.Request(ApiKey.Fetch, 12, 7, TestKafkaClient.ToFetch("t", all)));
        for (var i = 12; i < 100; i++) Assert.Equal(i, await Client.ProduceAsync("t", 0, $"{i}"));
        Assert.InRange((await reader.ReceiveAsync()).Length, 12_000_000, int.MaxValue);
    }

    /// <summary>D15, M05: age counts, the topic's own before the broker's.</summary>
    [Fact]
    public async Task Segments_go_when_their_records_are_too_old()
    {
        await RestartAsync(("log.retention.hours", "2"), ("log.retention.check.interval.ms", "50"));
        await Client.CreateAsync("short", 1, ("retention.ms", $"{Hour / 2}"), ("segment.bytes", "200"));
        await Client.CreateAsync("default", 1, ("segment.bytes", "200"));
        await Client.CreateAsync("forever", 1, ("retention.ms", "-1"), ("segment.bytes", "200"));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var topic in new[] { "short", "default", "forever" })
            foreach (var time in new[] { now - (3 * Hour), now - Hour, now })
                for (var i = 0; i < 4; i++) await Client.ProduceAsync(topic, 0, TestBatch.At(time, new string('x', 100)));
        await EventuallyAsync(async () => await Client.BoundsAsync("short", 0) == (8, 12));
        await EventuallyAsync(async () => await Client.BoundsAsync("default", 0) == (4, 12));
        Assert.Equal((0, 12), await Client.BoundsAsync("forever", 0));
        await Client.AlterAsync("forever", "retention.ms", $"{2 * Hour}");
        await EventuallyAsync(async () => await Client.BoundsAsync("forever", 0) == (4, 12));
    }

    /// <summary>D20: segments are as large as the broker or the topic says.</summary>
    [Fact]
    public async Task Segments_are_closed_at_their_size()
    {
        await RestartAsync(("log.segment.bytes", "1000"));
        await Client.CreateAsync("t", 1);
        for (var i = 0; i < 30; i++) await Client.ProduceAsync("t", 0, new string('x', 100));
        var sizes = FilesOf("t-0", "*.log").Select(f => new FileInfo(f).Length).ToList();
        Assert.InRange(sizes.Count, 5, 10);
        Assert.All(sizes, s => Assert.InRange(s, 1, 1000));
    }

    /// <summary>D21: delete-records, retention by size and deletion of the topic.</summary>
    [Fact]
    public async Task Records_can_be_deleted_in_three_ways()
    {
        await RestartAsync(("log.retention.check.interval.ms", "50"), ("log.segment.delete.delay.ms", "1000"));
        await Client.CreateAsync("t", 1, ("segment.bytes", "1000"), ("retention.ms", "-1"));
        for (var i = 0; i < 60; i++) await Client.ProduceAsync("t", 0, new string('x', 100));

        var deleted = await Client.DeleteRecordsAsync("t", 0, before: 11);
        Assert.Equal((ErrorCode.None, new Offset(11)), (deleted.ErrorCode, deleted.LowWatermark));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Client.FetchAsync("t", 0, 10)).Head.ErrorCode);
        Assert.Equal(49, (await Client.ReadAsync("t", 0, 11)).Count);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Client.DeleteRecordsAsync("t", 0, before: 61)).ErrorCode);

        await Client.AlterAsync("t", "retention.bytes", "3000");
        await EventuallyAsync(() => FilesOf("t-0", "*.log").Sum(SizeOf) < 4000);
        Assert.InRange((await Client.BoundsAsync("t", 0)).Start, 12, 60);

        Assert.Equal(ErrorCode.None, await Client.DeleteTopicAsync("t"));
        await EventuallyAsync(() => !Directory.Exists(Path.Combine(Folder, "t-0")));
    }

    private static long SizeOf(string file)
    {
        try
        {
            return new FileInfo(file).Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // Deleted since it was listed.
        }
    }

    private static byte[] Message(int i) => TestBatch.Of($"message {i:00}");

    private async Task ProduceHundredAsync(string key, string value)
    {
        await Client.CreateAsync("t", 1, (key, value));
        for (var i = 0; i < 100; i++) await Client.ProduceAsync("t", 0, Message(i));
    }

    private string File(string name) => Path.Combine(Folder, "t-0", name);

    private IEnumerable<string> FilesOf(string partition, string pattern) =>
        Directory.GetFiles(Path.Combine(Folder, partition), pattern).Order();

    private int EntriesOf(string partition) => SegmentDump.OffsetEntries(_disk, FilesOf(partition, "*.index").Single()).Count;
}
