using ActorBroker.Protocol.Records;

namespace ActorBroker.Protocol.Tests.Records;

/// <summary>Batches captured from real clients, in Golden/batches.txt.</summary>
public sealed class GoldenBatchTests
{
    private const string Text = "the same words, the same words, the same words again";
    private const short ProduceVersion = 11;

    public static TheoryData<string, string, string> Batches()
    {
        var data = new TheoryData<string, string, string>();
        using var file = new StreamReader(typeof(GoldenBatchTests).Assembly.GetManifestResourceStream("batches.txt")!);
        while (file.ReadLine() is { } line)
            if (!line.StartsWith('#') && line.Split(' ') is [var client, var codec, var hex]) data.Add(client, codec, hex);
        return data;
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Batches_of_real_clients_are_accepted_and_read(string client, string codec, string hex)
    {
        var batch = Convert.FromHexString(hex);
        Assert.Equal(default, RecordBatchValidator.CheckProduce(batch, ProduceVersion, out var header));
        Assert.Equal(codec, header.Attributes.Codec.ToString(), ignoreCase: true);

        var records = Batch.Read(batch, maxDecompressedBytes: 1024);

        Assert.Equal(
            ["key-0", null, "key-2"], records.Select(r => r.Key is null ? null : System.Text.Encoding.UTF8.GetString(r.Key)));
        Assert.Equal([Text, Text + " 1", null], records.Select(r => r.Text));
        Assert.Equal([1700000000000, 1700000000005, 1700000000003], records.Select(r => r.TimestampMs));
        Assert.Equal([0, 1, 2], records.Select(r => r.Offset.Value));
        Assert.Equal(new("trace", "0102"), records[0].Headers[0]);
        Assert.Equal(new("empty", ""), records[0].Headers[1]);
        if (!client.StartsWith("kafkajs", StringComparison.Ordinal)) Assert.Equal(new("none", null), records[0].Headers[2]);
        Assert.Empty(records[1].Headers);
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Uncompressed_batches_are_written_as_real_clients_write_them(string client, string codec, string hex)
    {
        // kafkajs says epoch 0 and sequence 0 without an id.
        if (codec != "none" || client.StartsWith("kafkajs", StringComparison.Ordinal)) return;
        var golden = Convert.FromHexString(hex);
        var header = Batch.HeaderOf(golden);
        using var builder = new RecordBatchBuilder(new()
        {
            LeaderEpoch = header.LeaderEpoch,
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            BaseSequence = header.BaseSequence,
        });
        foreach (var record in Batch.Read(golden))
            builder.Append(record.TimestampMs, record.Key, record.Value, record.Headers.Select(h => h.ToHeader()).ToArray());

        Assert.Equal(hex, Convert.ToHexString(builder.Build()));
    }
}
