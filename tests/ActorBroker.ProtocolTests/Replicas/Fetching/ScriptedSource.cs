using System.Buffers;
using System.Threading.Channels;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas.Fetching;

namespace ActorBroker.ProtocolTests.Replicas.Fetching;

/// <summary>A broker that answers fetches when and as the test says.</summary>
internal sealed class ScriptedSource : IFetchSources, IFetchSource
{
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();

    /// <summary>A request that waits for its answer.</summary>
    internal sealed record Asked(FetchRequest Request, TaskCompletionSource<Fetched> Answer)
    {
        /// <summary>What is asked for, as <c>partition@offset</c>.</summary>
        public override string ToString() => string.Join(", ",
            Request.Topics.SelectMany(t => t.Partitions).OrderBy(p => p.Index).Select(p => $"{p.Index}@{p.FetchOffset}"));
    }

    public int Opened { get; private set; }

    public bool HasAsked => _asked.Reader.Count > 0;

    public IFetchSource Open(BrokerEndpoint broker)
    {
        Opened++;
        return this;
    }

    public Task<Fetched> FetchAsync(FetchRequest request)
    {
        var asked = new Asked(request, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _asked.Writer.TryWrite(asked);
        return asked.Answer.Task;
    }

    public Task<Asked> NextAsync() => _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        // The test keeps what was asked.
    }

    /// <summary>Answers with these partitions of one topic.</summary>
    public static void Answer(Asked asked, params (FetchResponse.PartitionHead Head, byte[] Records)[] parts)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(1024);
        var topic = asked.Request.Topics[0].TopicId;
        var response = new FetchResponse
        {
            Responses = [new("", topic, [.. parts.Select(p => new FetchResponse.Partition(p.Head, p.Records))])],
        };
        asked.Answer.SetResult(new Fetched(response, new FetchedFrame(bytes, 0)));
    }
}
