using ActorBroker.Hosting;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker;

/// <summary>What an <see cref="EmbeddedBroker"/> may be told; all of it may be left out.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>Where the data lie; null: in memory, gone with the broker.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Port on 127.0.0.1; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>A configuration file as for the executable.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Single configs by their Kafka names, over those of the file.</summary>
    public IReadOnlyDictionary<string, string?> Configs { get; init; } = new Dictionary<string, string?>();

    public ILoggerFactory? Logging { get; init; }
}

/// <summary>A whole broker in this process: the same that the executable runs, for tests and for programs that bring their
/// own.</summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly BrokerHost _host;

    private EmbeddedBroker(BrokerHost host) => _host = host;

    /// <summary><c>host:port</c>, as Kafka clients take it for <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => _host.BootstrapServers;

    /// <summary>The actor system that the broker runs in.</summary>
    public ActorSystem System => _host.System;

    /// <summary>Ends when the broker has stopped, for whatever reason.</summary>
    public Task Stopped => _host.Stopped;

    internal BrokerHost Host => _host;

    /// <summary>Starts a broker; when the task ends, it serves clients.</summary>
    /// <exception cref="BrokerConfigException">It can't start with this configuration.</exception>
    /// <exception cref="LogStorageException">The data directory is in use, another broker's, or can't be used.</exception>
    public static async Task<EmbeddedBroker> StartAsync(EmbeddedBrokerOptions? options = null)
    {
        options ??= new EmbeddedBrokerOptions();
        var keys = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{options.Port}",
            ["log.dirs"] = options.DataDirectory ?? "memory",
        };
        foreach (var (key, value) in options.Configs) keys[key] = value;
        ILogFileSystem files = options.DataDirectory is null
            ? new InMemoryFileSystem(TimeProvider.System)
            : new PhysicalFileSystem();
        return await StartAsync(BrokerOptions.Load(options.ConfigFile, keys), BrokerEnvironment.Real(files, options.Logging))
            .ConfigureAwait(false);
    }

    /// <summary>Starts a broker as configured, with its data on this machine's disks.</summary>
    /// <inheritdoc cref="StartAsync(EmbeddedBrokerOptions?)"/>
    /// <exception cref="OperationCanceledException">It was told to stop before it served.</exception>
    public static Task<EmbeddedBroker> StartAsync(
        BrokerOptions options, ILoggerFactory? logging = null, CancellationToken cancellation = default) =>
        StartAsync(options, BrokerEnvironment.Real(new PhysicalFileSystem(), logging), cancellation);

    internal static async Task<EmbeddedBroker> StartAsync(
        BrokerOptions options, BrokerEnvironment environment, CancellationToken cancellation = default) =>
        new(await BrokerHost.StartAsync(options, environment, cancellation).ConfigureAwait(false));

    /// <summary>Stops it cleanly: clients are disconnected, logs closed.</summary>
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
