using System.Collections.Concurrent;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Tests.Logs;
using Akka.Actor;

namespace ActorBroker.Tests.Hosting;

/// <summary>Brokers in one process, each with an actor system of its own, which talk over TCP. Their disks are in memory, and
/// stay when a broker goes.</summary>
internal sealed class BrokerCluster : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>For tests in which no broker crashes: on a busy machine none is to be missed, and to lose what it leads for that.
    /// Less than anybody waits for, should one not take its leave in time.</summary>
    public static readonly (string Key, string Value) NobodyCrashes =
        ("akka.cluster.failure-detector.acceptable-heartbeat-pause", "30s");

    private readonly Dictionary<int, EmbeddedBroker> _running = [];
    private readonly Dictionary<int, InMemoryFileSystem> _disks = [];
    private readonly Dictionary<int, int> _ports = [];
    private readonly Dictionary<int, LogLines> _logs = [];
    private readonly Dictionary<int, JumpingTime> _times = [];
    private readonly ConcurrentDictionary<int, string> _failedFolders = [];
    private readonly int _count;
    private readonly int _voters;

    /// <param name="count">Brokers, with ids from 1 on.</param>
    /// <param name="voters">So many of them keep the controller's journal; all of these must be there to found a cluster.</param>
    public BrokerCluster(int count, int voters, params (string Key, string Value)[] configs)
    {
        (_count, _voters) = (count, voters);
        foreach (var (key, value) in configs) Configs[key] = value;
        for (var id = 1; id <= count; id++)
        {
            (_ports[id], _disks[id]) = (Ports.Free(), new InMemoryFileSystem(TimeProvider.System));
            (_logs[id], _times[id]) = (new LogLines(id), new JumpingTime());
        }
    }

    /// <summary>For all brokers that are started from now on.</summary>
    public Dictionary<string, string?> Configs { get; } = [];

    /// <summary>The seed nodes of a broker, which by default are all in the same order.</summary>
    public Dictionary<int, int[]> Seeds { get; } = [];

    /// <summary>What the broker with this id has logged, whichever process it was.</summary>
    public LogLines LogOf(int id) => _logs[id];

    public JumpingTime TimeOf(int id) => _times[id];

    /// <summary>From now on all that this broker does below a folder of its disk fails, until it is mended.</summary>
    public void FailFolder(int id, string folder) => _failedFolders[id] = folder;

    public void Mend(int id) => _failedFolders.TryRemove(id, out _);

    public EmbeddedBroker this[int id] => _running[id];

    public IEnumerable<EmbeddedBroker> Running => _running.Values;

    public static Task<BrokerCluster> StartAsync(int count, params (string Key, string Value)[] configs) =>
        StartAsync(count, voters: count, configs);

    public static async Task<BrokerCluster> StartAsync(int count, int voters, params (string Key, string Value)[] configs)
    {
        var cluster = new BrokerCluster(count, voters, configs);
        await Task.WhenAll(Enumerable.Range(1, count).Select(id => cluster.StartOneAsync(id))).WaitAsync(Patience);
        return cluster;
    }

    public async Task<EmbeddedBroker> StartOneAsync(int id)
    {
        var broker = await StartAsync(id, _disks[id], _ports[id]);
        lock (_running) _running[id] = broker;
        return broker;
    }

    /// <summary>Another process that says that it is this broker.</summary>
    public Task<EmbeddedBroker> StartRivalAsync(int id) =>
        StartAsync(id, new InMemoryFileSystem(TimeProvider.System), Ports.Free());

    /// <summary>A broker that was started before, with another's disk.</summary>
    public void ReplaceDisk(int id, InMemoryFileSystem disk) => _disks[id] = disk;

    public InMemoryFileSystem DiskOf(int id) => _disks[id];

    /// <summary>Ends a broker without a word to the others.</summary>
    public async Task CrashAsync(int id)
    {
        var broker = _running[id];
        _running.Remove(id);
        ((ExtendedActorSystem)broker.System).Abort();
        await broker.Stopped.WaitAsync(Patience);
    }

    public async Task StopAsync(int id)
    {
        var broker = _running[id];
        _running.Remove(id);
        await broker.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    /// <summary>A broker that has stopped on its own.</summary>
    public void Forget(int id) => _running.Remove(id);

    /// <summary>Waits until all that run, or those given, see it so.</summary>
    public async Task UntilAsync(Func<MetadataImage, bool> condition, params int[] ids)
    {
        foreach (var broker in ids.Length == 0 ? [.. _running.Values] : ids.Select(id => _running[id]))
        {
            using var timeout = new CancellationTokenSource(Patience);
            while (broker.Host.Metadata.Current is var image && !condition(image))
                await broker.Host.Metadata.WhenAtLeastAsync(image.Version + 1).WaitAsync(timeout.Token);
        }
    }

    /// <summary>The broker whose node runs the controller: the oldest of those in reach.</summary>
    public int ControllerId()
    {
        foreach (var (id, broker) in _running)
        {
            var cluster = Akka.Cluster.Cluster.Get(broker.System);
            var members = cluster.State.Members.Except(cluster.State.Unreachable);
            if (members.Any(m => m.Address == cluster.SelfAddress && members.All(o => o.Equals(m) || m.IsOlderThan(o))))
                return id;
        }
        throw new InvalidOperationException("No broker is the oldest.");
    }

    public async ValueTask DisposeAsync()
    {
        // At once, and without waiting for each other.
        foreach (var broker in _running.Values) ((ExtendedActorSystem)broker.System).Abort();
        await Task.WhenAll(_running.Values.Select(b => b.Stopped)).WaitAsync(Patience);
    }

    private Task<EmbeddedBroker> StartAsync(int id, ILogFileSystem disk, int port)
    {
        var seeds = string.Join(", ", Seeds.GetValueOrDefault(id, [.. _ports.Keys])
            .Select(i => $"\"akka.tcp://actorbroker@127.0.0.1:{_ports[i]}\""));
        var voters = string.Join(",", Enumerable.Range(1, _voters).Select(i => $"{i}@127.0.0.1:{_ports[i]}"));
        Dictionary<string, string?> keys = new()
        {
            ["broker.id"] = $"{id}",
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["log.dirs"] = "data",
            ["controller.quorum.voters"] = voters,
            ["broker.session.timeout.ms"] = "2000",
            ["akka.actor.provider"] = "cluster",
            ["akka.remote.dot-netty.tcp.hostname"] = "\"127.0.0.1\"",
            ["akka.remote.dot-netty.tcp.port"] = $"{port}",
            ["akka.remote.retry-gate-closed-for"] = "500ms",
            ["akka.cluster.seed-nodes"] = $"[{seeds}]",
            // The first seed node founds another cluster if nobody answers for so long, also when it comes back.
            ["akka.cluster.seed-node-timeout"] = "5s",
            ["akka.cluster.retry-unsuccessful-join-after"] = "1s",
            ["akka.cluster.gossip-interval"] = "100ms",
            ["akka.cluster.leader-actions-interval"] = "100ms",
            ["akka.cluster.unreachable-nodes-reaper-interval"] = "200ms",
            ["akka.cluster.periodic-tasks-initial-delay"] = "50ms",
            ["akka.cluster.failure-detector.heartbeat-interval"] = "200ms",
            // What a busy machine keeps all of them waiting for must not look like a crash.
            ["akka.cluster.failure-detector.acceptable-heartbeat-pause"] = "5s",
            ["akka.cluster.downing-provider-class"] = "\"Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster\"",
            ["akka.cluster.split-brain-resolver.active-strategy"] = "keep-majority",
            ["akka.cluster.split-brain-resolver.stable-after"] = "2s",
        };
        foreach (var (key, value) in Configs) keys[key] = value;
        var files = new FailingFileSystem(
            disk,
            path => _failedFolders.TryGetValue(id, out var failed)
                && (failed.Length == 0 || path == failed || path.StartsWith($"{failed}/", StringComparison.Ordinal)));
        var environment = BrokerEnvironment.Real(files, _logs[id]) with { Time = _times[id] };
        return EmbeddedBroker.StartAsync(BrokerOptions.Load(null, keys), environment);
    }
}
