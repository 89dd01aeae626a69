using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Kafka;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>The sockets on which Kafka clients are served: bound first, so that their ports are known, opened when the broker is
/// ready.</summary>
internal sealed class KafkaListeners : IKafkaListeners
{
    private readonly ImmutableArray<(ListenerOptions Options, KafkaListener Listener)> _all;

    private KafkaListeners(ImmutableArray<(ListenerOptions, KafkaListener)> all) => _all = all;

    public ImmutableArray<BrokerEndpoint> Endpoints => [.. _all.Select(l => l.Options.Advertised is var (host, port)
        ? new BrokerEndpoint(l.Options.Name, host, port)
        : new BrokerEndpoint(l.Options.Name, l.Options.IsWildcard ? "" : l.Options.Host, l.Listener.Address.Port))];

    public string LocalAddress
    {
        get
        {
            var (options, listener) = _all[0];
            var host = options.IsWildcard ? "127.0.0.1" : options.Host;
            return host.Contains(':', StringComparison.Ordinal)
                ? $"[{host}]:{listener.Address.Port}"
                : $"{host}:{listener.Address.Port}";
        }
    }

    /// <exception cref="BrokerConfigException">An address is not this machine's, or in use.</exception>
    public static KafkaListeners Bind(BrokerOptions options, ApiHandlers handlers, BrokerEnvironment environment)
    {
        var bound = ImmutableArray.CreateBuilder<(ListenerOptions, KafkaListener)>();
        var log = environment.Logging.CreateLogger<KafkaListener>();
        try
        {
            foreach (var listener in options.Listeners)
                bound.Add((listener, new KafkaListener(ToKafka(listener, options.Sockets), handlers, environment.Time, log)));
            return new KafkaListeners(bound.ToImmutable());
        }
        catch (SocketException e)
        {
            // Those that were bound are nobody's yet.
            foreach (var (_, listener) in bound) listener.DisposeAsync().AsTask().GetAwaiter().GetResult();
            var failed = options.Listeners[bound.Count];
            throw new BrokerConfigException(
                [$"listeners: {failed.Name}://{failed.Host}:{failed.Port} can't be opened: {e.Message}."]);
        }
    }

    public void Open()
    {
        foreach (var (_, listener) in _all) listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, listener) in _all) await listener.DisposeAsync().ConfigureAwait(false);
    }

    private static KafkaListenerOptions ToKafka(ListenerOptions listener, SocketOptions sockets) =>
        ToKafka(listener.Name, new IPEndPoint(AddressOf(listener), listener.Port), sockets);

    internal static KafkaListenerOptions ToKafka(string name, IPEndPoint address, SocketOptions sockets) => new(
        name,
        address,
        sockets.Backlog,
        sockets.RequestMaxBytes,
        sockets.ReceiveBufferBytes ?? -1,
        sockets.SendBufferBytes ?? -1,
        sockets.MaxConnections,
        sockets.MaxConnectionsPerAddress,
        sockets.MaxIdle,
        sockets.QueuedRequestBytes ?? long.MaxValue,
        sockets.PipelinedRequests,
        sockets.PipelinedBytes);

    private static IPAddress AddressOf(ListenerOptions listener)
    {
        if (listener.IsWildcard) return listener.Host is "::" ? IPAddress.IPv6Any : IPAddress.Any;
        if (IPAddress.TryParse(listener.Host, out var address)) return address;
        var found = Dns.GetHostAddresses(listener.Host);
        // Clients try IPv4 first for a name such as localhost.
        return Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
    }
}
