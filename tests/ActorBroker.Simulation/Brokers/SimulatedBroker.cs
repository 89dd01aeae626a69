using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using ActorBroker.Controller.Quorum;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Replicas.Fetching;
using ActorBroker.Simulation.Network;
using Akka.Actor;
using Akka.Configuration;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Brokers;

/// <summary>A broker through all lives of its process, with its disk.</summary>
internal sealed class SimulatedBroker : IDisposable
{
    /// <summary>Where its metadata are, and partitions.</summary>
    public const string DataFolder = "data";

    private const int RemotePort = 4053;

    private readonly SimulatedWorld _world;
    private readonly LeaderLog _leaders;
    private readonly int _brokers;
    private readonly Features _features;
    private readonly List<Meter> _meters = [];
    private string? _failing;

    public SimulatedBroker(SimulatedWorld world, int id, int brokers, Features features, LeaderLog leaders)
    {
        (_world, _brokers, _features, _leaders) = (world, brokers, features, leaders);
        Id = new BrokerId(id);
        Disk = new FaultyFileSystem(new WorldTime(world));
    }

    public BrokerId Id { get; }
    public string Host => HostOf(Id.Value);

    /// <summary>All its disks: each has a folder of <see cref="Folders"/>.</summary>
    public FaultyFileSystem Disk { get; }

    public ImmutableArray<string> Folders => FoldersOf(_features.Disks);

    /// <summary>A disk has failed, or does: what is in the cache only will be gone when the machine starts anew, mended.</summary>
    public bool HasFailedDisk { get; private set; }

    /// <summary>What it writes may find no room.</summary>
    public bool HasFullDisk => Disk.FreeBytes != long.MaxValue;

    /// <summary>When a disk filled up or failed last.</summary>
    public TimeSpan DiskFailedAt { get; set; }

    /// <summary>How much its copy of the controller's journal counts.</summary>
    public VoterLog Voter { get; } = new();

    /// <summary>The process that runs, or the last one that did.</summary>
    public SimulatedNode? Node { get; private set; }

    /// <summary>Null: it is about to start.</summary>
    public BrokerHost? Broker { get; private set; }

    /// <summary>Why the last start failed.</summary>
    public Exception? StartFailed { get; private set; }

    public TimeSpan StartedAt { get; private set; }

    public bool IsRunning => Node is { State: not NodeState.Ended };

    /// <summary>It belongs to an Akka cluster, as far as it knows.</summary>
    public bool IsMember => IsRunning && HasSystem && Cluster is { IsTerminated: false } cluster && cluster.State.Members.Count > 0;

    /// <summary>Its journal is open for writing: it has won the voters.</summary>
    public bool RunsController =>
        IsRunning && Broker is { } broker && QuorumPersistence.Get(broker.System).Session is { Won.IsCompletedSuccessfully: true };

    /// <summary>What it shows its clients; empty while it starts.</summary>
    public MetadataImage Metadata => IsRunning && Broker is { } broker ? broker.Metadata.Current : MetadataImage.Empty;

    /// <summary>It takes itself for the leader of what it led last.</summary>
    public bool IsServing => IsRunning && Broker is { } broker && broker.Metadata.Lease.IsHeld;

    private bool HasSystem { get; set; }

    private Akka.Cluster.Cluster Cluster => Akka.Cluster.Cluster.Get(Node!.System);

    public static ImmutableArray<string> FoldersOf(int disks) =>
        [.. Enumerable.Range(1, disks).Select(i => i == 1 ? DataFolder : string.Create(CultureInfo.InvariantCulture, $"{DataFolder}{i}"))];

    public static string HostOf(int id) => string.Create(CultureInfo.InvariantCulture, $"b{id}");

    /// <summary>Starts the process.</summary>
    /// <param name="seeds">Ids of the brokers that it asks to let it in.</param>
    public void Start(IEnumerable<int> seeds)
    {
        var list = string.Join(", ", seeds.Select(s => $"\"akka.tcp://actorbroker@{HostOf(s)}:{RemotePort}\""));
        (Broker, StartFailed, HasSystem, StartedAt) = (null, null, false, _world.Now);
        Voter.Starts();
        Node = _world.StartProcess(Host, node => _ = RunAsync(node, list));
        Node.ClockRate = 1 + ((_world.Random.NextDouble() - 0.5) * 0.002); // Quartz is ten times better.
    }

    /// <summary>Has it found a cluster of its own, there being no other.</summary>
    public void Found() => _world.Do(() => Cluster.Join(Cluster.SelfAddress));

    /// <summary>Nothing of it is remembered anywhere.</summary>
    public void Dispose()
    {
        foreach (var meter in _meters) meter.Dispose();
    }

    /// <summary>kill -9: what was written is in the system's cache.</summary>
    public void Crash()
    {
        if (Node is not null) _world.Crash(Node);
        Disk.EndProcess();
    }

    /// <summary>The machine goes out: what was not flushed may be lost or torn.</summary>
    public void LosePower(Random random)
    {
        if (Node is not null) _world.Crash(Node);
        Disk.CutPower(random);
        HasFailedDisk = _failing is not null;
    }

    /// <summary>From now on a disk writes nothing, or nothing more that lasts.</summary>
    public void FailDisk(string folder, bool onFlush)
    {
        (_failing, HasFailedDisk) = (folder, true);
        bool Fails(string path) => path.StartsWith(folder + "/", StringComparison.Ordinal);
        (Disk.FailWrite, Disk.FailFlush) = (onFlush ? null : Fails, Fails);
    }

    /// <summary>Disks take what they are given again.</summary>
    public void MendDisks()
    {
        _failing = null;
        (Disk.FailWrite, Disk.FailFlush, Disk.FreeBytes) = (null, null, long.MaxValue);
    }

    /// <summary>SIGTERM, also while it starts.</summary>
    public void Stop()
    {
        if (HasSystem && Node is { State: NodeState.Running } node)
            _world.Do(() => _ = CoordinatedShutdown.Get(node.System).Run(CoordinatedShutdown.ClrExitReason.Instance));
    }

    private async Task RunAsync(SimulatedNode node, string seeds)
    {
        try
        {
            var time = node.Time;
            var environment = new BrokerEnvironment(Disk, time, new SimulatedLogging(node, _leaders, Voter), () => NewId(node.Random))
            {
                FetchSources = (options, clock) => new SocketFetchSources(options, clock, async (host, port, cancellation) =>
                    new SimulatedSocket(node, await node.ConnectAsync(host, port, cancellation).ConfigureAwait(false))),
                Listeners = (options, handlers, e) => new SimulatedListeners(node, options, handlers, e),
                Pool = new SimulatedPool(node),
                Setups = [node.Setup()],
                NewMeter = NewMeter,
            };
            var options = SimulatedOptions.Of(Id.Value, _brokers, _features);
            var config = ConfigurationFactory.ParseString($"akka.cluster.seed-nodes = [{seeds}]")
                .WithFallback(_world.Seed % 2 == 0 ? Config.Empty : SimulatedOptions.OfPlainDispatchers)
                .WithFallback(node.DefaultConfig).WithFallback(options.Config);
            HasSystem = true;
            Broker = await BrokerHost.StartAsync(options with { Config = config }, environment).ConfigureAwait(false);
            if (Node != node) Broker = null;
        }
        catch (Exception e)
        {
            // As the executable does: it says why, and exits.
            StartFailed = e;
            _world.Trace?.Invoke($"{_world.Now.TotalSeconds,12:F6} {Host} could not start: {e}");
            _world.Schedule(TimeSpan.Zero, () =>
            {
                if (Node == node) Crash();
            });
        }
    }

    private Meter NewMeter()
    {
        var meter = new Meter(nameof(Simulation));
        _meters.Add(meter);
        return meter;
    }

    private static UInt128 NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
