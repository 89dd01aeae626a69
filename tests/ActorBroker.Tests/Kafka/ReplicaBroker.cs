using System.Net;
using ActorBroker.Core.Metadata;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Kafka;
using ActorBroker.Kafka.Cluster;
using ActorBroker.Kafka.Fetch;
using ActorBroker.Kafka.Offsets;
using ActorBroker.Kafka.Produce;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Regions;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Tests.Kafka;

/// <summary>What lies between socket and file, and nothing else of a broker: a listener, replicas, a disk.</summary>
internal sealed class ReplicaBroker : IAsyncDisposable, ILogHome
{
    private static readonly BrokerId Self = new(1);

    private readonly ActorSystem _system = ActorSystem.Create("broker", ReplicaDispatchers.Config);
    private readonly LocalReplicas _replicas = new();
    private readonly LocalReplicaRegion _region;

    private readonly ILogFileSystem _disk;
    private readonly string _folder;

    public ReplicaBroker(ILogFileSystem? disk = null, string folder = "/data")
    {
        (_disk, _folder) = (disk ?? new InMemoryFileSystem(TimeProvider.System), folder);
        var flushes = new FlushGroup(_system.Dispatchers.Lookup(ReplicaDispatchers.Log));
        var home = new ReplicaHome(Self, _replicas, this, flushes, TimeProvider.System, NullLogger.Instance);
        _system.ActorOf(UndeliveredRequests.Props(), "undelivered");
        _region = new LocalReplicaRegion(_system.ActorOf(LocalReplicaRegion.Props(home), "replicas"));
        IApiHandler[] handlers =
        [
            new FetchHandler(_replicas, maxBytes: 50 << 20, Sessions, TimeProvider.System), new ListOffsetsHandler(_replicas),
            new OffsetForLeaderEpochHandler(_replicas), new DeleteRecordsHandler(_replicas), new ApiVersionsHandler(),
        ];
        Listener = new KafkaListener(
            new("PLAINTEXT", new(IPAddress.Loopback, 0)),
            new(new ProduceHandler(_replicas, TimeProvider.System, NullLogger.Instance), handlers),
            TimeProvider.System, NullLogger.Instance);
        Listener.Start();
    }

    public FetchSessions Sessions { get; } = new(2, TimeProvider.System, Random.Shared.Next);

    public KafkaListener Listener { get; }

    public async Task CreateAsync(string topic, TopicId id, int partitions, LogConfig? log = null, TopicRecordRules? rules = null)
    {
        for (var i = 0; i < partitions; i++)
        {
            var assign = new Replica.Assign(
                new(topic, i), id, PartitionImage.New(i, [Self]), log ?? LogConfig.Default, rules ?? TopicRecordRules.Default, 1);
            _region.Tell(new(id, i), assign, ActorRefs.NoSender);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!Enumerable.Range(0, partitions).All(i => _replicas.TryFind(topic, i, out _))) await Task.Delay(2, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await _system.Terminate();
    }

    PartitionLog ILogHome.Open(TopicPartition partition, TopicId topic, LogConfig config) =>
        PartitionLog.Open(new(_disk, Path.Combine(_folder, partition.ToString()), partition, topic), config, LogStart.Unknown, 0,
            NullLogger.Instance);

    void ILogHome.Close(PartitionLog log) => log.Close(clean: true);

    void ILogHome.Delete(TopicPartition partition, TopicId topic) =>
        _disk.DeleteDirectory(Path.Combine(_folder, partition.ToString()));
}
