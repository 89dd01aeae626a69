using System.Buffers.Binary;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Journal.Producers;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Commands;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Commands;

public sealed class LogDumpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actorbroker-dump-").FullName;

    [Fact]
    public async Task A_segment_shows_batches_and_on_request_records()
    {
        var file = Write(".log", [.. Batch(5, CompressionCodec.None, "one", "two"), .. Batch(7, CompressionCodec.Zstd, "three")]);

        var (exit, io) = await TestIo.RunAsync("", "log", "dump", file);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(3, io.Lines.Length);
        Assert.Contains("baseOffset: 5 lastOffset: 6 count: 2", io.Lines[1], StringComparison.Ordinal);
        Assert.Contains("compresscodec: zstd", io.Lines[2], StringComparison.Ordinal);
        Assert.Contains("isvalid: true", io.Lines[2], StringComparison.Ordinal);

        (_, io) = await TestIo.RunAsync("", "log", "dump", "--files", file, "--deep-iteration", "--print-data-log");
        Assert.Contains(
            "| offset: 7 CreateTime: 1000 keySize: 3 valueSize: 5 sequence: -1 headerKeys: [h] key: key payload: three",
            io.Lines[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_shown_and_exits_with_1()
    {
        byte[] bytes = [.. Batch(0, CompressionCodec.None, "one"), .. Batch(1, CompressionCodec.None, "two")];
        bytes[70] ^= 1;
        var (exit, io) = await TestIo.RunAsync("", "log", "dump", Write(".log", [.. bytes, 1, 2, 3]), "--json");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("\"isvalid\":false", io.Lines[0], StringComparison.Ordinal);
        Assert.Contains("\"isvalid\":true", io.Lines[1], StringComparison.Ordinal);
        Assert.Contains("no whole batch", io.Lines[2], StringComparison.Ordinal);
    }

    /// <summary>Row I02: keys are group, topic and partition, values offsets.</summary>
    [Fact]
    public async Task Committed_offsets_are_decoded()
    {
        using var builder = new RecordBatchBuilder();
        var committed = new CommittedOffset(new(42), Epoch.None, "note", DateTimeOffset.UnixEpoch);
        var (key, value) = OffsetsRecordCodec.Write(new OffsetsRecord.OffsetCommitted("g", new("t", 3), committed));
        builder.Append(1, key, value);
        var (exit, io) = await TestIo.RunAsync("", "log", "dump", Write(".log", builder.Build()), "--offsets-decoder");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("key: offset_commit::group=g,partition=t-3 payload: offset=42", io.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_entries_are_checked_against_the_segment()
    {
        var first = Batch(0, CompressionCodec.None, "one");
        Write(".log", [.. first, .. Batch(1, CompressionCodec.None, "two", "three")]);
        var index = new byte[24]; // the last entry is zeros, as in a preallocated file
        BinaryPrimitives.WriteInt32BigEndian(index, 2);
        BinaryPrimitives.WriteInt32BigEndian(index.AsSpan(4), first.Length);
        var (exit, io) = await TestIo.RunAsync("", "log", "dump", Write(".index", index));
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal($"offset: 2 position: {first.Length}", io.Lines[1]);
        Assert.Equal(2, io.Lines.Length);

        BinaryPrimitives.WriteInt32BigEndian(index, 1);
        (exit, io) = await TestIo.RunAsync("", "log", "dump", Write(".index", index));
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("mismatch", io.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Producers_of_a_snapshot_are_shown()
    {
        var file = Write(".snapshot", ProducerSnapshot.Write([new(7, 1, 9, new(100), 3, 1000, 0, Offset.None)]));
        var (exit, io) = await TestIo.RunAsync("", "log", "dump", file);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("producerId: 7 producerEpoch: 1", io.Out, StringComparison.Ordinal);
        Assert.Contains("lastSequence: 9 lastOffset: 100", io.Out, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string suffix, byte[] bytes)
    {
        var file = Path.Combine(_folder, new string('0', 20) + suffix);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static byte[] Batch(long offset, CompressionCodec codec, params string[] values)
    {
        using var builder = new RecordBatchBuilder(new() { BaseOffset = new(offset), Codec = codec });
        foreach (var value in values)
            builder.Append(1000, "key"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(value), [new("h", null)]);
        return builder.Build();
    }
}
