using ActorBroker.Protocol.Records;
using ActorBroker.Protocol.Records.Compression;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Commands;

/// <summary>Kafka's producer properties as <see cref="ProducerOptions"/>.</summary>
internal static class ProducerSettings
{
    /// <exception cref="UsageException">A value is not allowed.</exception>
    public static ProducerOptions Read(ClientProperties properties)
    {
        var defaults = new ProducerOptions();
        var idempotent = properties.Flag("enable.idempotence") ?? false;
        var acks = Acks(properties.Text("acks")) ?? defaults.Acks;
        if (idempotent && acks != -1) throw new UsageException("enable.idempotence=true needs acks=all");
        return defaults with
        {
            Acks = acks,
            Idempotent = idempotent,
            Codec = Codec(properties.Text("compression.type") ?? properties.Text("compression.codec")) ?? defaults.Codec,
            BatchBytes = properties.Number("batch.size") ?? defaults.BatchBytes,
            Linger = properties.Milliseconds("linger.ms") ?? defaults.Linger,
            BufferBytes = properties.Number("buffer.memory") ?? defaults.BufferBytes,
            DeliveryTimeout = properties.Milliseconds("delivery.timeout.ms") ?? defaults.DeliveryTimeout,
            Partitioner = properties.Text("partitioner.class") switch
            {
                null or "roundrobin" => new RoundRobinPartitioner(),
                "sticky" => new StickyPartitioner(new Random()),
                var name when name.EndsWith("RoundRobinPartitioner", StringComparison.Ordinal) => new RoundRobinPartitioner(),
                var name when name.EndsWith("UniformStickyPartitioner", StringComparison.Ordinal)
                    || name.EndsWith("DefaultPartitioner", StringComparison.Ordinal) => new StickyPartitioner(new Random()),
                var name => throw new UsageException($"partitioner.class={name} is neither roundrobin nor sticky"),
            },
        };
    }

    private static short? Acks(string? text) => text switch
    {
        null => null,
        "all" or "-1" => -1,
        "0" => 0,
        "1" => 1,
        _ => throw new UsageException($"acks={text} is none of 0, 1 and all"),
    };

    private static CompressionCodec? Codec(string? text)
    {
        if (text is null) return null;
        return Compressors.TryParse(text, out var codec)
            ? codec
            : throw new UsageException($"compression.type={text} is none of none, gzip, snappy, lz4 and zstd");
    }
}
