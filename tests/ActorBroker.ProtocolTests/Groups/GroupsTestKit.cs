using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Metadata;
using ActorBroker.Groups;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal;
using ActorBroker.Kafka;
using ActorBroker.Kafka.Groups;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Groups;

/// <summary>A broker's groups with all their actors and handlers, on logs in memory. Requests go in and out as bytes.</summary>
public abstract class GroupsTestKit : TestKit, IDisposable
{
    protected const int Partitions = 3;
    protected static readonly BrokerId Self = new(1);
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<MetadataEvent> _events = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly PartitionLog[] _logs;
    private readonly IActorRef[] _replicas = new IActorRef[Partitions];
    private readonly ServingLease _lease = new(Self, TimeSpan.FromSeconds(3), TimeProvider.System);
    private readonly MetadataCache _metadata;
    private readonly LocalReplicas _localReplicas = new();
    private LocalCoordinators _coordinators = new();
    private IActorRef? _groups;
    private Dictionary<ApiKey, IApiHandler> _handlers = [];
    private int _lastId;

    protected GroupsTestKit()
        : base(ReplicaDispatchers.Config)
    {
        _metadata = new MetadataCache { Lease = _lease };
        IsInTouch(true);
        _logs = [.. Enumerable.Range(0, Partitions).Select(i => FakeReplica.NewLog(new(TopicImage.ConsumerOffsets, i)))];
        Publish(new MetadataEvent.ClusterCreated("test"), new MetadataEvent.BrokerRegistered(
            new BrokerImage(Self, 1, [new BrokerEndpoint("PLAINTEXT", "broker.test", 9092)], null)));
        Publish(NewTopic("t", 2));
        StartGroups();
    }

    protected IActorRef ReplicaOf(string group) => _replicas[GroupPartition.Of(group, Partitions)];

    /// <summary>Its id is made of the name's length.</summary>
    protected static MetadataEvent NewTopic(string name, int partitions)
    {
        var images = Enumerable.Range(0, partitions).Select(i => PartitionImage.New(i, [Self]));
        return new MetadataEvent.TopicCreated(new TopicImage(name, new TopicId((UInt128)(100 + name.Length)), [.. images]));
    }

    protected void CreateOffsetsTopic()
    {
        for (var i = 0; i < Partitions; i++) StartReplica(i);
        Publish(NewTopic(TopicImage.ConsumerOffsets, Partitions));
    }

    protected void Publish(params MetadataEvent[] events)
    {
        _events.AddRange(events);
        var image = MetadataImage.Empty.Apply(new MetadataDelta(0, [.. _events]));
        _metadata.Publish(image);
        _groups?.Tell(image);
    }

    /// <summary>Whether the broker knows that it was not replaced.</summary>
    protected void IsInTouch(bool isInTouch) => _lease.Publish(isInTouch ? TimeSpan.MaxValue : TimeSpan.MinValue);

    protected Offset LogEndOf(string group) => _logs[GroupPartition.Of(group, Partitions)].LogEndOffset;

    /// <summary>The group's actor throws.</summary>
    protected void FailGroup(string group)
    {
        Assert.True(_coordinators.TryFind(GroupPartition.Of(group, Partitions), out var coordinator));
        coordinator!.Tell(new GroupQuery<int>(group, _ => throw new InvalidOperationException("a test lets the group fail")));
    }

    /// <summary>Writes a record into the group's partition whose key claims to be an offset's, and is not.</summary>
    protected void AppendJunk(string group)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(0, new byte[] { 0, 1, 9, 9 }, new byte[] { 7 });
        Memory<byte> batch = builder.Build();
        Assert.True(RecordBatchHeader.TryRead(batch.Span, out var header));
        _logs[GroupPartition.Of(group, Partitions)].Append(batch, header, Epoch.Zero, nowMs: 0);
    }

    protected void DeleteTopic(string name) => Publish(new MetadataEvent.TopicDeleted(_metadata.Current.Topic(name)!.Id));

    /// <summary>The offsets topic has its old leader, in a new epoch.</summary>
    protected void PublishEpoch(Epoch epoch)
    {
        var topic = _metadata.Current.Topic(TopicImage.ConsumerOffsets)!;
        Publish(new MetadataEvent.PartitionsChanged(
            topic.Id, [.. topic.Partitions.Select(each => each with { LeaderEpoch = epoch })]));
    }

    /// <summary>The replica's actor is gone and there is another, on the same log.</summary>
    protected void RestartReplicaOf(string group)
    {
        var partition = GroupPartition.Of(group, Partitions);
        var gone = _replicas[partition];
        StartReplica(partition);
        Sys.Stop(gone);
    }

    /// <summary>All that is in memory is gone; the logs are as they were.</summary>
    protected void RestartBroker()
    {
        Watch(_groups!);
        Sys.Stop(_groups!);
        ExpectTerminated(_groups!, Patience);
        StartGroups();
    }

    private protected async Task<TResponse> Ask<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        var client = new ClientConnection(1, "127.0.0.1:5", "/127.0.0.1", "PLAINTEXT", "127.0.0.1");
        var context = new RequestContext(client, null!, _closed.Token);
        var frame = FrameOf(request, version);
        var header = new WireReader(frame);
        context.Start(RequestHeader.Read(ref header), frame);
        await _handlers[TRequest.Key].HandleAsync(context).AsTask().WaitAsync(Patience);
        var wire = new WireReader(context.Output.WrittenSpan[sizeof(int)..]);
        ResponseHeader.Read(ref wire, TRequest.Key, version);
        var response = TResponse.Read(ref wire, version);
        Assert.Equal(0, wire.Remaining);
        return response;
    }

    private static byte[] FrameOf<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        using var output = new WireWriter();
        RequestHeader.Write(output, TRequest.Key, version, 1, "client");
        request.Write(output, version);
        return output.WrittenSpan.ToArray();
    }

    private void StartGroups()
    {
        var options = BrokerOptions.Load(keys:
        [
            new("broker.id", Self.ToString()),
            new("group.initial.rebalance.delay.ms", "0"),
            new("offsets.load.buffer.size", "1000"),
            new("offsets.topic.num.partitions", Partitions.ToString(CultureInfo.InvariantCulture)),
        ]);
        _coordinators = new LocalCoordinators();
        var environment = GroupsEnvironment.From(options.Groups, TimeProvider.System, NullLogger.Instance);
        _groups = Sys.ActorOf(GroupCoordinators.Props(Self, environment, _metadata, _localReplicas, _coordinators));
        _handlers = GroupHandlers.All(options, _metadata, _coordinators, new FakeController(this), new TopicIds(() => 12345),
            () => new Guid(Interlocked.Increment(ref _lastId), 0, 0, new byte[8])).ToDictionary(handler => handler.Key);
    }

    private void StartReplica(int partition)
    {
        var log = _logs[partition];
        _replicas[partition] = Sys.ActorOf(Props.Create(() => new FakeReplica(log)));
        var name = new TopicPartition(TopicImage.ConsumerOffsets, partition);
        _localReplicas.Add(new LocalReplica(name, new TopicId(7), _replicas[partition], TopicRecordRules.Default));
    }

    void IDisposable.Dispose()
    {
        _closed.Cancel();
        Dispose();
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class FakeController(GroupsTestKit kit) : IController
    {
        public Task<ClusterAnswer> AskAsync(ClusterCommand command, TimeSpan timeout)
        {
            var topics = Assert.IsType<ClusterCommand.CreateTopics>(command).Topics;
            Assert.Equal(TopicImage.ConsumerOffsets, Assert.Single(topics).Name);
            kit.CreateOffsetsTopic();
            return Task.FromResult<ClusterAnswer>(new ClusterCommand.CreateTopics.Answer(ImmutableArray<TopicResult>.Empty));
        }
    }
}
