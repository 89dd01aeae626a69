using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Clients.Producing;

/// <summary>How a producer sends.</summary>
internal sealed record ProducerOptions
{
    /// <summary>0: no answer; 1: the leader has it; -1: all in-sync replicas have it.</summary>
    public short Acks { get; init; } = -1;
    public CompressionCodec Codec { get; init; }

    /// <summary>Uncompressed bytes after which a batch is closed.</summary>
    public int BatchBytes { get; init; } = 128 << 10;

    /// <summary>How long an open batch waits for more records.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Records that are not yet answered; more have to wait.</summary>
    public long BufferBytes { get; init; } = 32 << 20;

    /// <summary>One request carries no more batches once it has this many bytes.</summary>
    public int MaxRequestBytes { get; init; } = 8 << 20;

    /// <summary>After this a record that could not be delivered fails.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The broker drops what it already has (KIP-98); asks for acks -1.</summary>
    public bool Idempotent { get; init; }

    public IPartitioner Partitioner { get; init; } = new RoundRobinPartitioner();
}
