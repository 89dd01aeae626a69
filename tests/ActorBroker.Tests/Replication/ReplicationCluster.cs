using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Acceptance;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Tests.Replication;

/// <summary>
/// Several brokers in one process under a controller that does what the test says: the real rules, without a journal, and with
/// nobody who watches the brokers.
/// </summary>
internal sealed class ReplicationCluster : IController, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock _gate = new();
    private readonly Dictionary<BrokerId, InMemoryFileSystem> _disks = [];
    private readonly Dictionary<BrokerId, ReplicationNode> _nodes = [];
    private readonly BrokerOptions _options;
    private readonly ControllerPolicy _policy;
    private readonly ILoggerFactory _logging;
    private readonly List<MetadataEvent> _events = [];
    private ClusterState _state = ClusterState.Empty;
    private UInt128 _lives;
    private bool _isSilent;

    private ReplicationCluster(IEnumerable<(string Key, string Value)> configs, ILoggerFactory? logging)
    {
        _logging = logging ?? NullLoggerFactory.Instance;
        var keys = new Dictionary<string, string?>
        {
            ["log.dirs"] = "memory",
            ["replica.fetch.wait.max.ms"] = "50",
            ["replica.fetch.backoff.ms"] = "100",
        };
        foreach (var (key, value) in configs) keys[key] = value;
        _options = BrokerOptions.Load(null, keys);
        _policy = ControllerPolicy.From(_options.Settings);
    }

    public MetadataImage Image
    {
        get
        {
            lock (_gate) return _state.Image;
        }
    }

    /// <summary>The controller does not answer, as while it moves to another broker.</summary>
    public bool IsSilent
    {
        get => Volatile.Read(ref _isSilent);
        set => Volatile.Write(ref _isSilent, value);
    }

    /// <summary>All that has happened.</summary>
    public ImmutableArray<MetadataEvent> Events
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    public ReplicationNode this[int broker] => _nodes[new(broker)];

    public static Task<ReplicationCluster> StartAsync(int brokers, params (string Key, string Value)[] configs) =>
        StartAsync(brokers, null, configs);

    public static async Task<ReplicationCluster> StartAsync(
        int brokers, ILoggerFactory? logging, params (string Key, string Value)[] configs)
    {
        var cluster = new ReplicationCluster(configs, logging);
        for (var id = 1; id <= brokers; id++) await cluster.StartAsync(id);
        return cluster;
    }

    /// <summary>Starts a broker, for the first time or again, on the disk that it has.</summary>
    public async Task StartAsync(int broker, bool isClean = false)
    {
        var id = new BrokerId(broker);
        if (!_disks.TryGetValue(id, out var disk)) _disks[id] = disk = new InMemoryFileSystem(TimeProvider.System);
        var node = new ReplicationNode(id, disk, _options, this, ++_lives, _logging);
        lock (_gate)
        {
            _nodes[id] = node;
        }
        var previous = isClean ? Image.Brokers[id].Epoch : -1;
        Do(new ClusterCommand.RegisterBroker(id, [node.Endpoint], $"rack-{id}", "cluster", _lives, previous));
        await node.Metadata.WhenAtLeastAsync(Image.Version).WaitAsync(Patience);
    }

    /// <summary>As kill -9; the controller does not notice.</summary>
    public async Task KillAsync(int broker)
    {
        ReplicationNode? node;
        lock (_gate) _nodes.Remove(new(broker), out node);
        await node!.DisposeAsync();
    }

    /// <summary>The controller takes the broker for dead.</summary>
    public void Fence(int broker) =>
        Do(new ClusterCommand.ChangeBroker(new(broker), Image.Brokers[new(broker)].Epoch, BrokerChange.Fence));

    public void Unfence(int broker) =>
        Do(new ClusterCommand.ChangeBroker(new(broker), Image.Brokers[new(broker)].Epoch, BrokerChange.Unfence));

    public void Configure(ConfigResource resource, params (string Key, string? Value)[] configs) => Do(new ClusterCommand.ChangeConfigs(
    [
        new ConfigChange(
            resource, [.. configs.Select(c => new ConfigEdit(c.Key, c.Value is null ? ConfigOperation.Delete : ConfigOperation.Set, c.Value))],
            Replace: false),
    ]));

    public void Move(string topic, params int[] replicas) => Do(new ClusterCommand.AlterReassignments(
        [new Reassignment(new TopicPartition(topic, 0), [.. replicas.Select(r => new BrokerId(r))])]));

    public void Elect(string topic, int partition = 0) => Do(
        new ClusterCommand.ElectLeaders(ElectionType.Preferred, [new TopicPartition(topic, partition)]));

    public async Task CreateAsync(string topic, int[] replicas, params (string Key, string Value)[] configs)
    {
        Do(new ClusterCommand.CreateTopics(
        [
            NewTopic.Named(
                topic, new TopicId((UInt128)(1000 + Image.Topics.Count)),
                configs: [.. configs.Select(c => KeyValuePair.Create<string, string?>(c.Key, c.Value))]) with
            {
                Assignment = ImmutableSortedDictionary<int, ImmutableArray<BrokerId>>.Empty
                    .Add(0, [.. replicas.Select(r => new BrokerId(r))]),
            },
        ]));
        Assert.NotNull(Image.Topic(topic));
        await HeardAsync();
    }

    /// <summary>Until all brokers that hear have done what the metadata say.</summary>
    public async Task HeardAsync()
    {
        foreach (var node in Nodes)
            if (!node.IsDeaf) await node.Metadata.WhenAtLeastAsync(Image.Version).WaitAsync(Patience);
    }

    /// <summary>A deaf broker hears all that it missed.</summary>
    public void Undeafen(int broker)
    {
        lock (_gate)
        {
            this[broker].IsDeaf = false;
            this[broker].Hear(_state.Image);
        }
    }

    public PartitionImage Partition(string topic, int partition = 0) => Image.Partition(new(topic, partition))!;

    public string InSync(string topic) => string.Join(",", Partition(topic).Isr.Select(r => r.Value));

    public async Task<TestKafkaClient> LeaderOfAsync(string topic) => await _nodes[Partition(topic).Leader].ConnectAsync();

    /// <summary>Until all replicas that run hold the same bytes.</summary>
    public async Task SameAsync(string topic)
    {
        ReplicationNode[] nodes = [.. Nodes.Where(n => Partition(topic).Replicas.Contains(n.Id))];
        var leader = nodes.Single(n => n.Id == Partition(topic).Leader);
        await UntilAsync(() => nodes.All(n => n.LogOf(topic).LogEndOffset == leader.LogOf(topic).LogEndOffset));
        foreach (var node in nodes) Assert.Equal(leader.BytesOf(topic), node.BytesOf(topic));
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(2, patience.Token);
    }

    public ClusterAnswer Do(ClusterCommand command)
    {
        lock (_gate)
        {
            var decision = _state.Handle(command, _policy);
            foreach (var change in decision.Events) _state = _state.Apply(change);
            _events.AddRange(decision.Events);
            foreach (var node in _nodes.Values)
                if (!node.IsDeaf && !decision.Events.IsEmpty) node.Hear(_state.Image);
            return decision.Answer;
        }
    }

    public Task<ClusterAnswer> AskAsync(ClusterCommand command, TimeSpan timeout) => IsSilent
        ? Task.FromException<ClusterAnswer>(new TimeoutException("The test wants no answer."))
        : Task.FromResult(Do(command));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
    }

    private ReplicationNode[] Nodes
    {
        get
        {
            lock (_gate) return [.. _nodes.Values];
        }
    }
}
