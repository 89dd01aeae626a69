using System.Collections.Concurrent;
using ActorBroker.Kafka;
using ActorBroker.Kafka.Produce;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Kafka;

/// <summary>Takes Produce requests; the test answers them, or they are answered at once.</summary>
internal sealed class FakeProduceHandler : IProduceHandler
{
    public ConcurrentQueue<PartitionAppend> Parked { get; } = new();

    public bool Park { get; set; }

    public int Started => Volatile.Read(ref _started);

    private int _started;

    public void Start(PendingProduce request, WireReader body)
    {
        var produce = new ProduceRequestReader(body, request.Version);
        produce.CountPartitions();
        request.SetAcks(produce.Acks, TimeSpan.FromMilliseconds(produce.TimeoutMs));
        while (produce.NextTopic())
        {
            request.AddTopic(default, produce.TopicId, produce.PartitionCount);
            while (produce.NextPartition())
            {
                var part = request.AddPartition(produce.PartitionIndex);
                if (Park) Parked.Enqueue(part);
                else part.Appended(new(produce.PartitionIndex), Offset.Zero);
            }
        }
        Interlocked.Increment(ref _started);
        request.AllTold();
    }
}

/// <summary>Answers ApiVersions with as many entries as the test wants, when the test wants.</summary>
internal sealed class FakeHandler : ApiHandler<ApiVersionsRequest, ApiVersionsResponse>
{
    private int _handled;

    public int Handled => Volatile.Read(ref _handled);

    public Task Until { get; set; } = Task.CompletedTask;

    public int AnswerEntries { get; set; } = 1;

    protected override async ValueTask<ApiVersionsResponse> HandleAsync(ApiVersionsRequest request, RequestContext context)
    {
        Interlocked.Increment(ref _handled);
        await Until;
        var entries = new ApiVersionsResponse.ApiVersion[AnswerEntries];
        return new ApiVersionsResponse { ApiKeys = entries };
    }
}
