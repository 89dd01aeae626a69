using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Kafka;
using ActorBroker.Replicas.Fetching;
using ActorBroker.Threads;
using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Hosting;

/// <summary>What a broker takes from the world around it. A simulator gives its own.</summary>
/// <param name="NewId">A source of 128 random bits, for ids.</param>
internal sealed record BrokerEnvironment(ILogFileSystem Files, TimeProvider Time, ILoggerFactory Logging, Func<UInt128> NewId)
{
    /// <summary>Makes the connections by which this broker copies from others.</summary>
    public Func<FetchOptions, TimeProvider, IFetchSources> FetchSources { get; init; } =
        static (options, time) => new SocketFetchSources(options, time);

    /// <summary>Opens the broker to Kafka clients.</summary>
    /// <exception cref="BrokerConfigException">By the function: an address is not this machine's, or in use.</exception>
    public Func<BrokerOptions, ApiHandlers, BrokerEnvironment, IKafkaListeners> Listeners { get; init; } = KafkaListeners.Bind;

    /// <summary>Where work goes that no actor does.</summary>
    public WorkPool Pool { get; init; } = WorkPool.Real;

    /// <summary>Where the broker's metrics are. .NET remembers a meter until it is disposed, and a broker that crashes in a simulation
    /// does not do that.</summary>
    public Func<Meter> NewMeter { get; init; } = static () => new Meter(BrokerMetrics.MeterName);

    /// <summary>What the actor system is given besides its configuration.</summary>
    public IReadOnlyList<Setup> Setups { get; init; } = [];

    public static BrokerEnvironment Real(ILogFileSystem files, ILoggerFactory? logging = null) =>
        new(files, TimeProvider.System, logging ?? NullLoggerFactory.Instance, RandomId);

    private static UInt128 RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
