using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients;

/// <summary>What a connection is for. A fetch may wait long at the broker, so what must not wait has its own.</summary>
internal enum Purpose
{
    General,
    Fetch,
    Coordinator,
}

/// <summary>
/// A cluster as a client sees it: where to start, which broker is which, and a connection to each that is needed.
/// </summary>
internal sealed class KafkaClient(ClientOptions options) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(HostAndPort, Purpose), Task<KafkaConnection>> _connections = [];
    private ClusterMetadata _metadata = ClusterMetadata.Empty;
    private volatile bool _hasConnected;

    public ClientOptions Options { get; } = options;

    /// <summary>The last answer to <see cref="RefreshAsync"/>.</summary>
    public ClusterMetadata Metadata => Volatile.Read(ref _metadata);

    /// <summary>Asks any broker about topics; what it answers becomes <see cref="Metadata"/>.</summary>
    /// <param name="topics">Null: all.</param>
    public async Task<ClusterMetadata> RefreshAsync(
        IReadOnlyCollection<string>? topics, CancellationToken cancellation, bool allowAutoTopicCreation = false)
    {
        var connection = await AnyAsync(cancellation);
        var response = await connection.SendAsync(
            new MetadataRequest
            {
                Topics = topics?.Select(t => new MetadataRequest.Topic(t)).ToArray(),
                AllowAutoTopicCreation = allowAutoTopicCreation,
            },
            cancellation);
        KafkaException.ThrowIfError(response.ErrorCode);
        var metadata = new ClusterMetadata(response, older: topics is null ? null : Metadata);
        Volatile.Write(ref _metadata, metadata);
        return metadata;
    }

    /// <summary>A connection to some broker: a known one, else one of the bootstrap list.</summary>
    /// <exception cref="NoBrokerException">None of the bootstrap list answers.</exception>
    /// <exception cref="IOException">The cluster was there, and is not now.</exception>
    public async Task<KafkaConnection> AnyAsync(CancellationToken cancellation)
    {
        IOException? last = null;
        foreach (var address in Metadata.Brokers.Concat(Options.BootstrapServers).Distinct())
        {
            try
            {
                var connection = await ConnectionAsync(address, Purpose.General, cancellation);
                _hasConnected = true;
                return connection;
            }
            catch (IOException e)
            {
                last = e;
            }
        }
        if (!_hasConnected) throw new NoBrokerException(Options.BootstrapServers, last);
        throw last ?? new IOException("No broker is known");
    }

    /// <exception cref="KafkaException">Metadata does not name this broker,
    /// <see cref="ErrorCode.BrokerNotAvailable"/>.</exception>
    public Task<KafkaConnection> BrokerAsync(BrokerId broker, Purpose purpose, CancellationToken cancellation) =>
        Metadata.AddressOf(broker) is { } address
            ? ConnectionAsync(address, purpose, cancellation)
            : throw new KafkaException(ErrorCode.BrokerNotAvailable, $"Broker {broker} is not in the cluster's metadata");

    public async Task<KafkaConnection> LeaderAsync(TopicPartition partition, Purpose purpose, CancellationToken cancellation)
    {
        var leader = Metadata.LeaderOf(partition);
        if (leader.IsNone) throw new KafkaException(ErrorCode.LeaderNotAvailable, $"{partition} has no leader");
        return await BrokerAsync(leader, purpose, cancellation);
    }

    /// <summary>The broker that topics are created and changed at.</summary>
    public async Task<KafkaConnection> ControllerAsync(CancellationToken cancellation)
    {
        var metadata = await RefreshAsync([], cancellation);
        var controller = metadata.Response.ControllerId;
        if (controller.IsNone) throw new KafkaException(ErrorCode.BrokerNotAvailable, "The cluster has no controller just now");
        return await BrokerAsync(controller, Purpose.General, cancellation);
    }

    /// <summary>Closes a connection that failed, so that the next use makes another.</summary>
    public async ValueTask DropAsync(KafkaConnection connection)
    {
        lock (_lock)
            foreach (var (key, task) in _connections.ToArray())
                if (task.IsCompletedSuccessfully && task.Result == connection) _connections.Remove(key);
        await connection.DisposeAsync();
    }

    public async Task<KafkaConnection> ConnectionAsync(HostAndPort address, Purpose purpose, CancellationToken cancellation)
    {
        Task<KafkaConnection> connecting;
        lock (_lock)
        {
            var known = _connections.GetValueOrDefault((address, purpose));
            var usable = known is { IsCompleted: false }
                || (known is { IsCompletedSuccessfully: true } && !known.Result.IsBroken);
            if (!usable)
                known = _connections[(address, purpose)] = KafkaConnection.ConnectAsync(address, Options, CancellationToken.None);
            connecting = known!;
        }
        return await connecting.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Task<KafkaConnection>[] all;
        lock (_lock)
        {
            all = [.. _connections.Values];
            _connections.Clear();
        }
        foreach (var connecting in all)
        {
            await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (connecting.IsCompletedSuccessfully) await connecting.Result.DisposeAsync();
        }
    }
}
