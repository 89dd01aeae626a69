using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Producing;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Clients;

public sealed class ProducerTests : IAsyncLifetime
{
    private readonly FakeBroker _broker = new();
    private readonly KafkaClient _client;
    private readonly List<byte[]> _batches = [];
    private readonly Queue<ErrorCode> _errors = new();

    public ProducerTests()
    {
        _broker.HasTopic("t", 3);
        _broker.On<ProduceRequest, ProduceResponse>(Store);
        _broker.On<InitProducerIdRequest, InitProducerIdResponse>(_ => new(ErrorCode.None, 77, 0));
        _client = new(_broker.ClientOptions);
    }

    [Fact]
    public async Task Records_get_the_offsets_of_their_place_in_the_batch()
    {
        var deliveries = await SendAsync(new() { Linger = TimeSpan.FromMinutes(1) }, ["a", "b", "c"]);
        Assert.Equal([0, 1, 2], await OffsetsAsync(deliveries));
        Assert.Single(_batches);
    }

    [Fact]
    public async Task A_passing_error_is_retried_and_the_order_is_kept()
    {
        _errors.Enqueue(ErrorCode.NotLeaderOrFollower);
        _errors.Enqueue(ErrorCode.NotEnoughReplicas);
        var deliveries = await SendAsync(new() { BatchBytes = 1 }, ["a", "b", "c"]);
        await OffsetsAsync(deliveries);
        Assert.Equal(["a", "a", "a", "b", "c"], _batches.Select(b => ValuesOf(b).Single()));
        Assert.True(_broker.Requests.Count(r => r.Key == ApiKey.Metadata) >= 3);
    }

    [Fact]
    public async Task A_final_error_reaches_the_caller_and_the_others_go_on()
    {
        _errors.Enqueue(ErrorCode.MessageTooLarge);
        var deliveries = await SendAsync(new() { BatchBytes = 1 }, ["a", "b"]);
        Assert.Equal(
            ErrorCode.MessageTooLarge, (await Assert.ThrowsAsync<KafkaException>(() => deliveries[0].OffsetAsync())).Code);
        await deliveries[1].OffsetAsync();
    }

    [Fact]
    public async Task A_repetition_after_a_lost_answer_has_the_same_sequence()
    {
        var isFirst = true;
        _broker.On<ProduceRequest, ProduceResponse>(request =>
        {
            var response = Store(request);
            if (!isFirst) return response;
            isFirst = false;
            return null; // Stored, but the connection breaks.
        });
        await OffsetsAsync(await SendAsync(new() { Idempotent = true, BatchBytes = 1 }, ["a", "b"]));

        var headers = _batches.ConvertAll(b => RecordBatchHeader.TryRead(b, out var header) ? header : default);
        Assert.Equal([0, 0, 1], headers.Select(h => h.BaseSequence));
        Assert.All(headers, h => Assert.Equal(77, h.ProducerId));
        Assert.Equal(_batches[0], _batches[1]);
    }

    [Fact]
    public async Task Acks_0_wait_for_nothing()
    {
        _broker.OnRaw(ApiKey.Produce, _ => []);
        var deliveries = await SendAsync(new() { Acks = 0 }, ["a"]);
        Assert.Equal(Offset.None, await deliveries[0].OffsetAsync());
    }

    [Fact]
    public async Task A_partition_that_the_topic_lacks_is_refused()
    {
        await using var producer = await Producer.StartAsync(_client, new(), CancellationToken.None);
        await Assert.ThrowsAsync<KafkaException>(
            async () => await producer.SendAsync(new("t", null, [1], Partition: 3), CancellationToken.None));
    }

    [Fact]
    public async Task A_full_buffer_makes_the_sender_wait_but_loses_nothing()
    {
        var deliveries = await SendAsync(
            new() { BufferBytes = 200, BatchBytes = 100, Linger = TimeSpan.Zero },
            [.. Enumerable.Range(0, 200).Select(i => $"value {i}")]);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), await OffsetsAsync(deliveries));
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public async Task Batches_are_compressed(CompressionCodec codec)
    {
        await OffsetsAsync(await SendAsync(new() { Codec = codec, Linger = TimeSpan.FromMinutes(1) }, ["a", "b"]));
        Assert.Equal(["a", "b"], ValuesOf(_batches.Single()));
        Assert.Equal(codec, RecordBatchHeader.TryRead(_batches[0], out var header) ? header.Attributes.Codec : default);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private async Task<List<Delivery>> SendAsync(ProducerOptions options, string[] values)
    {
        await using var producer = await Producer.StartAsync(_client, options, CancellationToken.None);
        var deliveries = new List<Delivery>();
        foreach (var value in values)
            deliveries.Add(
                await producer.SendAsync(
                    new("t", null, System.Text.Encoding.UTF8.GetBytes(value), Partition: 1), CancellationToken.None));
        await producer.FlushAsync(CancellationToken.None);
        return deliveries;
    }

    private static async Task<List<long>> OffsetsAsync(List<Delivery> deliveries)
    {
        var offsets = new List<long>();
        foreach (var delivery in deliveries) offsets.Add((await delivery.OffsetAsync()).Value);
        return offsets;
    }

    private ProduceResponse Store(ProduceRequest request)
    {
        var partition = request.TopicData.Single().PartitionData.Single();
        var error = _errors.TryDequeue(out var next) ? next : ErrorCode.None;
        var first = _batches.Sum(b => ValuesOf(b).Count);
        _batches.Add(partition.Records!.Value.ToArray());
        var answer = new ProduceResponse.Partition { Index = partition.Index, ErrorCode = error, BaseOffset = new(first) };
        return new() { Responses = [new("t", TopicId.None, [answer])] };
    }

    private static List<string> ValuesOf(byte[] batch)
    {
        var values = new List<string>();
        using var reader = RecordBatchReader.Open(batch, int.MaxValue);
        foreach (var record in reader) values.Add(System.Text.Encoding.UTF8.GetString(record.Value));
        return values;
    }
}
