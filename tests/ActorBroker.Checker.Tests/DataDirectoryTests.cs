using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Checker.Tests;

/// <summary>What a broker wrote is read as it is.</summary>
public class DataDirectoryTests
{
    private static readonly TopicPartition _partition = new("orders", 0);
    private readonly InMemoryFileSystem _files = new(TimeProvider.System);

    [Fact]
    public void Records_and_high_watermark_of_two_segments()
    {
        _files.CreateDirectory("data/orders-0");
        Write("data/orders-0/00000000000000000000.log", TestBatches.Of(0, epoch: 3, ("a", "a0"), ("b", "b0")));
        Write("data/orders-0/00000000000000000002.log", TestBatches.Of(2, epoch: 4, ("a", null)));
        new OffsetCheckpoint(_files, "data/" + OffsetCheckpoint.Replication).Write([new(_partition, new(2))]);

        var log = DataDirectory.Read(_files, "data", new(1), _partition);

        Assert.Equal<LoggedRecord>(
            [new(new(0), new(3), "a", "a0"), new(new(1), new(3), "b", "b0"), new(new(2), new(4), "a", null)], log.Records);
        Assert.Equal((new Offset(0), new Offset(2), new Offset(3)), (log.Start, log.HighWatermark, log.End));
    }

    [Fact]
    public void A_damaged_batch_is_an_error()
    {
        _files.CreateDirectory("data/orders-0");
        var bytes = TestBatches.Of(0, epoch: 0, ("a", "a0"));
        bytes[^1] ^= 1;
        Write("data/orders-0/00000000000000000000.log", bytes);

        Assert.Throws<InvalidDataException>(() => DataDirectory.Read(_files, "data", new(1), _partition));
    }

    private void Write(string path, byte[] bytes)
    {
        using var file = _files.Open(path, LogFileMode.CreateEmpty);
        file.Write(bytes, 0);
    }
}
