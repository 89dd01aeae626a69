using System.Collections.Concurrent;
using System.Net;
using ActorBroker.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Kafka;
using ActorBroker.Kafka.Cluster;
using ActorBroker.Kafka.Fetch;
using ActorBroker.Kafka.Offsets;
using ActorBroker.Kafka.Produce;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Regions;
using ActorBroker.Replicas.Fetching;
using ActorBroker.Tests.Acceptance;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Tests.Replication;

/// <summary>The data plane of one broker: listener, replicas, fetchers, metadata; on a disk that outlives it.</summary>
internal sealed class ReplicationNode : IAsyncDisposable, ILogHome
{
    private readonly ActorSystem _system;
    private readonly LocalReplicas _replicas = new();
    private readonly InMemoryFileSystem _disk;
    private readonly KafkaListener _listener;
    private readonly IActorRef _metadata;
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _logs = [];

    public ReplicationNode(
        BrokerId id, InMemoryFileSystem disk, BrokerOptions options, IController controller, UInt128 incarnation,
        ILoggerFactory logging)
    {
        (Id, _disk) = (id, disk);
        var (time, log) = (TimeProvider.System, logging.CreateLogger($"broker {id}"));
        _system = ActorSystem.Create($"broker-{id}", ReplicaDispatchers.Config);
        var quotas = new ReplicationQuotas(id, options.Settings);
        var fetch = FetchOptions.From(options.Settings);
        var fetchers = _system.ActorOf(
            ReplicaFetchers.Props(new FetcherHome(id, fetch, new SocketFetchSources(fetch, time), time, log) { Quotas = quotas }),
            "fetchers");
        var maxLag = options.Settings.Time("replica.lag.time.max.ms");
        var inSync = _system.ActorOf(InSyncProposals.Props(id, maxLag, _replicas, log), "in-sync");
        inSync.Tell(new InSyncProposals.Use(controller));
        var offline = _system.ActorOf(OfflineReplicas.Props(id, log), "offline");
        offline.Tell(new InSyncProposals.Use(controller));
        var flushes = new FlushGroup(_system.Dispatchers.Lookup(ReplicaDispatchers.Log));
        var home = new ReplicaHome(id, _replicas, this, flushes, time, log)
        {
            Fetchers = fetchers,
            InSync = inSync,
            IsActive = broker => Metadata.Current.IsActive(broker),
            MaxLag = maxLag,
            Quotas = quotas,
            Offline = offline,
            RackOf = broker => Metadata.Current.Brokers.GetValueOrDefault(broker)?.Rack,
        };
        _system.ActorOf(UndeliveredRequests.Props(), "undelivered");
        var region = new LocalReplicaRegion(_system.ActorOf(LocalReplicaRegion.Props(home), "replicas"));
        _metadata = _system.ActorOf(
            MetadataActor.Props(new MetadataParts(
                id, incarnation, options.Settings, Metadata, region, static _ => { }, log)), "metadata");
        _metadata.Tell(new MetadataActor.Subscribe(fetchers));
        _metadata.Tell(new MetadataActor.Subscribe(inSync));
        _metadata.Tell(new MetadataActor.Subscribe(offline));
        IApiHandler[] handlers =
        [
            new FetchHandler(_replicas, maxBytes: 50 << 20, Sessions, time, quotas.Leader), new ListOffsetsHandler(_replicas),
            new OffsetForLeaderEpochHandler(_replicas), new DeleteRecordsHandler(_replicas), new ApiVersionsHandler(),
        ];
        _listener = new KafkaListener(
            new("PLAINTEXT", new(IPAddress.Loopback, 0)), new(new ProduceHandler(_replicas, time, log), handlers), time, log);
        _listener.Start();
    }

    public BrokerId Id { get; }

    public FetchSessions Sessions { get; } = new(10, TimeProvider.System, Random.Shared.Next);

    public MetadataCache Metadata { get; } = new();

    public BrokerEndpoint Endpoint => new("PLAINTEXT", "127.0.0.1", _listener.Address.Port);

    /// <summary>It hears nothing new, as if cut off from the controller.</summary>
    public bool IsDeaf { get; set; }

    public void Hear(MetadataImage image) => _metadata.Tell(new MetadataActor.Newest(image), ActorRefs.NoSender);

    public Task<TestKafkaClient> ConnectAsync() => TestKafkaClient.ConnectAsync($"127.0.0.1:{_listener.Address.Port}");

    public PartitionLog LogOf(string topic, int partition = 0) => _logs[new(topic, partition)];

    /// <summary>All bytes of a partition's log.</summary>
    public byte[] BytesOf(string topic, int partition = 0)
    {
        var log = LogOf(topic, partition);
        var bytes = new List<byte>();
        for (var (from, isEnd) = (log.LogStartOffset, false); !isEnd && from < log.LogEndOffset;)
        {
            Assert.True(log.TryRead(from, log.LogEndOffset, int.MaxValue, minOneBatch: true, out var range));
            using (range)
            {
                isEnd = range.IsEmpty;
                var read = range.ToArray();
                bytes.AddRange(read);
                foreach (var batch in new Protocol.Records.RecordBatches(read)) from = batch.Header.NextOffset;
            }
        }
        return [.. bytes];
    }

    /// <summary>As a process that is killed: nothing is closed in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _system.Terminate();
    }

    PartitionLog ILogHome.Open(TopicPartition partition, TopicId topic, LogConfig config) => _logs[partition] = PartitionLog.Open(
        new(_disk, "/data/" + partition, partition, topic), config, LogStart.Unknown, 0,
        Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    void ILogHome.Close(PartitionLog log) => log.Close(clean: true);

    void ILogHome.Delete(TopicPartition partition, TopicId topic) => _disk.DeleteDirectory("/data/" + partition);
}
