using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Acceptance;

/// <summary>A record as a consumer sees it.</summary>
internal sealed record TestRecord(long Offset, long TimestampMs, string? Key, string? Value);

/// <summary>What users do with a broker, a line each. Where no version is given it is the newest that names topics.</summary>
internal sealed class TestKafkaClient : IDisposable
{
    private const short ProduceByName = 12, FetchByName = 12;
    private const int MaxFetchBytes = 50 << 20;

    private readonly BrokerClient _client;

    private TestKafkaClient(BrokerClient client) => _client = client;

    public static async Task<TestKafkaClient> ConnectAsync(EmbeddedBroker broker) => new(await BrokerClient.ConnectAsync(broker));

    public static async Task<TestKafkaClient> ConnectAsync(string address) => new(await BrokerClient.ConnectAsync(address));

    public Task<TResponse> AskAsync<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short? version = null)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse> => _client.AskAsync(request, version);

    public async Task<CreateTopicsResponse.Topic> CreateAsync(
        string name, int partitions = -1, params (string Key, string Value)[] configs)
    {
        CreateTopicsRequest.Config[] own = [.. configs.Select(c => new CreateTopicsRequest.Config(c.Key, c.Value))];
        var made = await TryCreateAsync(new() { Name = name, NumPartitions = partitions, Configs = own });
        Assert.Equal((ErrorCode.None, null), (made.ErrorCode, made.ErrorMessage));
        return made;
    }

    public async Task<CreateTopicsResponse.Topic> TryCreateAsync(CreateTopicsRequest.Topic topic) =>
        Assert.Single((await AskAsync(new CreateTopicsRequest([topic]))).Topics);

    public async Task<MetadataResponse.Topic> DescribeAsync(string topic, bool create = false) =>
        Assert.Single((await AskAsync(new MetadataRequest { Topics = [new(topic)], AllowAutoTopicCreation = create })).Topics);

    /// <summary>One batch, which must be taken.</summary>
    /// <returns>The offset of its first record.</returns>
    public async Task<long> ProduceAsync(string topic, int partition, byte[] batch, short acks = -1)
    {
        var answer = await TryProduceAsync(topic, partition, batch, acks);
        Assert.Equal((ErrorCode.None, null), (answer.ErrorCode, answer.ErrorMessage));
        return answer.BaseOffset.Value;
    }

    public Task<long> ProduceAsync(string topic, int partition, params string[] values) =>
        ProduceAsync(topic, partition, TestBatch.Of(values));

    public async Task<ProduceResponse.Partition> TryProduceAsync(
        string topic, int partition, byte[] batch, short acks = -1, short version = ProduceByName) =>
        (await AskAsync(ToProduce(topic, partition, batch, acks), version)).Responses[0].PartitionResponses[0];

    public async Task<ErrorCode> ErrorOfProduceAsync(
        string topic, int partition, byte[] batch, short acks = -1, short version = ProduceByName) =>
        (await TryProduceAsync(topic, partition, batch, acks, version)).ErrorCode;

    public static ProduceRequest ToProduce(string topic, int partition, byte[] batch, short acks = -1) => new()
    {
        Acks = acks,
        TimeoutMs = 60_000,
        TopicData = [new(topic, default, [new(partition, batch)])],
    };

    public Task<FetchResponse.Partition> FetchAsync(string topic, int partition, long from, int maxBytes = MaxFetchBytes) =>
        FetchAsync(topic, new() { Index = partition, FetchOffset = new(from), PartitionMaxBytes = maxBytes });

    public async Task<FetchResponse.Partition> FetchAsync(string topic, FetchRequest.Partition asked) =>
        (await AskAsync(ToFetch(topic, asked), FetchByName)).Responses[0].Partitions[0];

    /// <summary>As a client that knows the leader's epoch, or believes so.</summary>
    public async Task<ErrorCode> ErrorOfFetchAsync(string topic, int partition, Epoch leader) =>
        (await FetchAsync(topic, new() { Index = partition, PartitionMaxBytes = 1, CurrentLeaderEpoch = leader })).Head.ErrorCode;

    public static FetchRequest ToFetch(string topic, FetchRequest.Partition asked) =>
        new() { MinBytes = 1, MaxBytes = MaxFetchBytes, Topics = [new(topic, default, [asked])] };

    /// <summary>All records from an offset to the partition's end.</summary>
    public async Task<List<TestRecord>> ReadAsync(string topic, int partition, long from = 0)
    {
        var records = new List<TestRecord>();
        while (true)
        {
            var fetched = await FetchAsync(topic, partition, from);
            Assert.Equal(ErrorCode.None, fetched.Head.ErrorCode);
            if (fetched.Records.IsEmpty) return records;
            records.AddRange(RecordsOf(fetched.Records, from));
            from = records[^1].Offset + 1;
        }
    }

    public async Task<List<string?>> ReadValuesAsync(string topic, int partition, long from = 0) =>
        [.. (await ReadAsync(topic, partition, from)).Select(r => r.Value)];

    /// <summary>The first offset at or after a time; or one of <see cref="ListOffsetsRequest"/>'s special times.</summary>
    public async Task<long> OffsetAsync(string topic, int partition, long timestampMs)
    {
        var found = await TryOffsetAsync(topic, partition, timestampMs);
        Assert.Equal(ErrorCode.None, found.ErrorCode);
        return found.Offset.Value;
    }

    public async Task<ListOffsetsResponse.Partition> TryOffsetAsync(
        string topic, int partition, long timestampMs, Epoch? leader = null)
    {
        var asked = new ListOffsetsRequest.Partition(partition, leader ?? Epoch.None, timestampMs);
        return (await AskAsync(new ListOffsetsRequest { Topics = [new(topic, [asked])] })).Topics[0].Partitions[0];
    }

    public async Task<(long Start, long End)> BoundsAsync(string topic, int partition)
    {
        var start = await OffsetAsync(topic, partition, ListOffsetsRequest.EarliestTimestamp);
        return (start, await OffsetAsync(topic, partition, ListOffsetsRequest.LatestTimestamp));
    }

    /// <summary>Where an epoch ended, asked of whom the client believes to be the leader.</summary>
    public async Task<OffsetForLeaderEpochResponse.Partition> EndOfEpochAsync(
        string topic, int partition, Epoch leader, Epoch epoch)
    {
        var asked = new OffsetForLeaderEpochRequest.Partition(partition, leader, epoch);
        return (await AskAsync(new OffsetForLeaderEpochRequest { Topics = [new(topic, [asked])] })).Topics[0].Partitions[0];
    }

    public async Task<DeleteRecordsResponse.Partition> DeleteRecordsAsync(string topic, int partition, long before) =>
        (await AskAsync(new DeleteRecordsRequest([new(topic, [new(partition, new(before))])], 60_000))).Topics[0].Partitions[0];

    public async Task<ErrorCode> DeleteTopicAsync(string topic) =>
        Assert.Single((await AskAsync(new DeleteTopicsRequest([new(topic)], 60_000))).Responses).ErrorCode;

    public async Task AlterAsync(string topic, string key, string value)
    {
        var change = new IncrementalAlterConfigsRequest.Config(key, ConfigOperation.Set, value);
        var answer = await AskAsync(new IncrementalAlterConfigsRequest([new(ConfigResourceType.Topic, topic, [change])]));
        Assert.Equal(ErrorCode.None, Assert.Single(answer.Responses).ErrorCode);
    }

    public async Task<DescribeConfigsResponse.Config> ConfigAsync(ConfigResourceType type, string name, string key) =>
        Assert.Single(Assert.Single((await AskAsync(new DescribeConfigsRequest([new(type, name, [key])]))).Results).Configs);

    public async Task<(long Id, short Epoch)> InitProducerAsync()
    {
        var answer = await AskAsync(new InitProducerIdRequest(TransactionalId: null, TransactionTimeoutMs: int.MaxValue));
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return (answer.ProducerId, answer.ProducerEpoch);
    }

    /// <summary>As a program outside of any group's membership.</summary>
    public async Task<ErrorCode> CommitAsync(string group, string topic, int partition, long offset, string metadata = "")
    {
        var commit = new OffsetCommitRequest.Partition(partition, new(offset), Epoch.None, metadata);
        var answer = await AskAsync(new OffsetCommitRequest { GroupId = group, Topics = [new(topic, [commit])] });
        return answer.Topics[0].Partitions[0].ErrorCode;
    }

    public async Task<OffsetFetchResponse.Partition> CommittedAsync(string group, string topic, int partition)
    {
        var answer = Assert.Single((await AskAsync(new OffsetFetchRequest([new(group, [new(topic, [partition])])]))).Groups);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return answer.Topics[0].Partitions[0];
    }

    /// <summary>Makes the offsets topic and waits until the group's coordinator has loaded.</summary>
    public async Task FindCoordinatorAsync(string group)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var found = (await AskAsync(new FindCoordinatorRequest(CoordinatorType.Group, [group]))).Coordinators[0].ErrorCode;
            if (found == ErrorCode.None)
            {
                var loaded = (await AskAsync(new OffsetFetchRequest([new(group, null)]))).Groups[0].ErrorCode;
                if (loaded == ErrorCode.None) return;
                Assert.Contains(loaded, new[] { ErrorCode.CoordinatorLoadInProgress, ErrorCode.NotCoordinator });
            }
            else
            {
                Assert.Equal(ErrorCode.CoordinatorNotAvailable, found);
            }
            await Task.Delay(10, patience.Token);
        }
    }

    public void Dispose() => _client.Dispose();

    private static List<TestRecord> RecordsOf(ReadOnlyMemory<byte> batches, long from)
    {
        var records = new List<TestRecord>();
        foreach (var slice in new RecordBatches(batches.Span))
        {
            using var batch = RecordBatchReader.Open(slice.Bytes, maxDecompressedBytes: 64 << 20);
            foreach (var record in batch)
            {
                if (record.Offset.Value < from) continue; // A batch is sent whole.
                var (key, value) = (Text(record.HasKey, record.Key), Text(record.HasValue, record.Value));
                records.Add(new(record.Offset.Value, record.TimestampMs, key, value));
            }
        }
        return records;
    }

    private static string? Text(bool hasValue, ReadOnlySpan<byte> bytes) => hasValue ? Encoding.UTF8.GetString(bytes) : null;
}
