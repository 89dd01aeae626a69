using System.Text;
using ActorBroker.Journal;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Tests.Kafka;

/// <summary>Records from socket to file and back, through the replicas' actors.</summary>
public sealed class ProduceAndFetchTests : IAsyncLifetime
{
    private const string Topic = "orders";
    private static readonly TopicId Id = new(42);

    private readonly List<RawClient> _clients = [];
    private ReplicaBroker _broker = null!;
    private int _correlation;

    public async Task InitializeAsync()
    {
        _broker = new ReplicaBroker();
        await _broker.CreateAsync(Topic, Id, partitions: 3, LogConfig.Default with { RetentionMs = -1 });
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _broker.DisposeAsync();
    }

    private async Task<RawClient> ConnectAsync()
    {
        var client = await RawClient.ConnectAsync(_broker.Listener.Address);
        lock (_clients) _clients.Add(client); // Some connect side by side.
        return client;
    }

    private static byte[] Batch(string value, int records = 1, RecordBatchOptions? options = null)
    {
        using var builder = new RecordBatchBuilder(options);
        for (var i = 0; i < records; i++) builder.Append(1_000 + i, default, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    private async Task<TResponse> AskAsync<TRequest, TResponse>(RawClient client, TRequest request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        await client.SendAsync(RawClient.Request(TRequest.Key, version, ++_correlation, request));
        return await ReceiveAsync<TResponse>(client, TRequest.Key, version);
    }

    private static async Task<TResponse> ReceiveAsync<TResponse>(RawClient client, ApiKey key, short version)
        where TResponse : IWireValue<TResponse>
    {
        var bytes = await client.ReceiveAsync();
        Assert.NotEmpty(bytes);
        return Read(bytes);

        TResponse Read(byte[] frame)
        {
            var wire = new WireReader(frame.AsMemory());
            ResponseHeader.Read(ref wire, key, version);
            return TResponse.Read(ref wire, version);
        }
    }

    private static ProduceRequest ToProduce(short version, short acks, params (int Partition, byte[] Batch)[] batches) => new()
    {
        Acks = acks,
        TimeoutMs = 60_000,
        TopicData = [new(version < 13 ? Topic : "", version < 13 ? default : Id,
            [.. batches.Select(b => new ProduceRequest.Partition(b.Partition, b.Batch))])],
    };

    private async Task<ProduceResponse.Partition> ProduceAsync(
        RawClient client, byte[] batch, int partition = 0, short version = 9, short acks = -1) =>
        (await AskAsync<ProduceRequest, ProduceResponse>(
            client, ToProduce(version, acks, (partition, batch)), version)).Responses[0].PartitionResponses[0];

    private static FetchRequest ToFetch(short version, int maxWaitMs, int minBytes, int maxBytes,
        params (int Partition, long From, int MaxBytes)[] parts) => new()
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = minBytes,
            MaxBytes = maxBytes,
            Topics =
        [
            new(version < 13 ? Topic : "", version < 13 ? default : Id,
                [.. parts.Select(p => new FetchRequest.Partition { Index = p.Partition, FetchOffset = new(p.From),
                    PartitionMaxBytes = p.MaxBytes })]),
        ],
        };

    private async Task<FetchResponse.Partition[]> FetchAsync(RawClient client, FetchRequest request, short version = 12) =>
        (await AskAsync<FetchRequest, FetchResponse>(client, request, version)).Responses[0].Partitions;

    private async Task<FetchResponse.Partition> FetchAsync(RawClient client, long from, int partition = 0, short version = 12) =>
        (await FetchAsync(client, ToFetch(version, 0, 1, int.MaxValue, (partition, from, 1 << 20)), version))[0];

    [Theory]
    [InlineData(3, 4)]
    [InlineData(7, 11)]
    [InlineData(9, 12)]
    [InlineData(12, 13)]
    [InlineData(13, 17)]
    public async Task What_is_produced_is_fetched_byte_for_byte_with_its_offset(short produceVersion, short fetchVersion)
    {
        var client = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            var produced = await ProduceAsync(client, Batch("value " + i, records: 4), version: produceVersion);
            Assert.Equal((ErrorCode.None, new Offset(4 * i), -1L),
                (produced.ErrorCode, produced.BaseOffset, produced.LogAppendTimeMs));
        }
        var fetched = await FetchAsync(client, 4, version: fetchVersion);
        Assert.Equal((ErrorCode.None, new Offset(12)), (fetched.Head.ErrorCode, fetched.Head.HighWatermark));
        var expected = Batch("value 1", records: 4).Concat(Batch("value 2", records: 4)).ToArray();
        RecordBatchPatch.AssignOffset(expected, new(4), Epoch.Zero);
        RecordBatchPatch.AssignOffset(expected.AsSpan(expected.Length / 2), new(8), Epoch.Zero);
        Assert.Equal(expected, fetched.Records.ToArray());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(200_000, false)]
    [InlineData(1_000_000, false)]
    [InlineData(1, true)]
    [InlineData(200_000, true)]
    [InlineData(1_000_000, true)]
    public async Task Batches_of_any_size_come_back_whole(int bytes, bool fromRealFiles)
    {
        using var folder = new Hosting.TempFolder();
        if (fromRealFiles)
        {
            await _broker.DisposeAsync();
            _broker = new ReplicaBroker(Journal.Files.PhysicalFileSystem.Instance, folder.Path);
            await _broker.CreateAsync(Topic, Id, partitions: 1, LogConfig.Default with { RetentionMs = -1 });
        }
        var client = await ConnectAsync();
        var batch = Batch(new string('x', bytes));
        for (var i = 0; i < 3; i++) await ProduceAsync(client, batch);
        var fetched = (await FetchAsync(client, ToFetch(12, 0, 1, int.MaxValue, (0, 0, int.MaxValue))))[0];
        Assert.Equal(3 * batch.Length, fetched.Records.Length);
        Assert.Equal(3, Count(fetched.Records.Span));
    }

    private static int Count(ReadOnlySpan<byte> records)
    {
        var count = 0;
        foreach (var batch in new RecordBatches(records))
        {
            Assert.Equal(batch.Header.Crc, RecordBatchHeader.ComputeCrc(batch.Bytes));
            count++;
        }
        return count;
    }

    [Fact]
    public async Task Without_acks_nothing_is_answered_and_the_records_are_there()
    {
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Request(ApiKey.Produce, 9, ++_correlation, ToProduce(9, 0, (0, Batch("quiet")))));
        Assert.Equal(new Offset(1), (await FetchAsync(client, 0)).Head.HighWatermark);
    }

    [Fact]
    public async Task Each_partition_of_a_request_has_its_own_answer()
    {
        var client = await ConnectAsync();
        var wrongCrc = Batch("b");
        wrongCrc[^1] ^= 1;
        var tooLarge = Batch(new string('x', 2 << 20));
        var request = ToProduce(9, -1, (0, Batch("a")), (1, wrongCrc), (2, tooLarge), (99, Batch("c")), (0, Batch("d")));
        var answers = (await AskAsync<ProduceRequest, ProduceResponse>(client, request, 9)).Responses[0].PartitionResponses;
        Assert.Equal(
            "None, CorruptMessage, MessageTooLarge, UnknownTopicOrPartition, None",
            string.Join(", ", answers.Select(a => a.ErrorCode)));
        Assert.Equal("0, 1, 2, 99, 0", string.Join(", ", answers.Select(a => a.Index)));
        Assert.Equal(new Offset(1), answers[4].BaseOffset);
        Assert.Contains("max.message.bytes", answers[2].ErrorMessage);
    }

    [Fact]
    public async Task Clients_cannot_write_to_internal_topics_nor_in_transactions_nor_with_odd_acks()
    {
        await _broker.CreateAsync("__consumer_offsets", new(43), 1);
        var client = await ConnectAsync();
        var request = ToProduce(9, -1, (0, Batch("a")));
        request = request with { TopicData = [request.TopicData[0] with { Name = "__consumer_offsets" }] };
        Assert.Equal(ErrorCode.InvalidTopicException,
            (await AskAsync<ProduceRequest, ProduceResponse>(client, request, 9)).Responses[0].PartitionResponses[0].ErrorCode);
        var transactional =
            Batch("t", options: new() { ProducerId = 1, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true });
        Assert.Equal(ErrorCode.InvalidTxnState, (await ProduceAsync(client, transactional)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await ProduceAsync(client, Batch("a"), acks: 2)).ErrorCode);
    }

    [Fact]
    public async Task Log_append_time_is_the_brokers()
    {
        await _broker.CreateAsync("timed", new(44), 1,
            LogConfig.Default with { TimestampType = TimestampType.LogAppendTime },
            TopicRecordRules.Default with { TimestampType = TimestampType.LogAppendTime });
        var client = await ConnectAsync();
        var request = ToProduce(9, -1, (0, Batch("a")));
        request = request with { TopicData = [request.TopicData[0] with { Name = "timed" }] };
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var answer = (await AskAsync<ProduceRequest, ProduceResponse>(client, request, 9)).Responses[0].PartitionResponses[0];
        Assert.InRange(answer.LogAppendTimeMs, before, before + 60_000);
    }

    [Fact]
    public async Task A_fetch_waits_for_the_next_record()
    {
        var (consumer, producer) = (await ConnectAsync(), await ConnectAsync());
        await consumer.SendAsync(
            RawClient.Request(ApiKey.Fetch, 12, 1, ToFetch(12, 30_000, 1, int.MaxValue, (0, 0, 1 << 20), (1, 0, 1 << 20))));
        await ProduceAsync(producer, Batch("late"), partition: 1);
        var partitions = (await ReceiveAsync<FetchResponse>(consumer, ApiKey.Fetch, 12)).Responses[0].Partitions;
        Assert.True(partitions[0].Records.IsEmpty);
        Assert.Equal(Batch("late").Length, partitions[1].Records.Length);
    }

    [Fact]
    public async Task A_fetch_waits_until_all_its_partitions_together_have_enough()
    {
        var (consumer, producer) = (await ConnectAsync(), await ConnectAsync());
        var batch = Batch("some");
        await consumer.SendAsync(RawClient.Request(
            ApiKey.Fetch, 12, 1, ToFetch(12, 30_000, 3 * batch.Length, int.MaxValue, (0, 0, 1 << 20), (1, 0, 1 << 20))));
        for (var i = 0; i < 2; i++) await ProduceAsync(producer, batch, partition: i);
        Assert.Equal(0, consumer.Socket.Available);
        await ProduceAsync(producer, batch, partition: 0);
        var partitions = (await ReceiveAsync<FetchResponse>(consumer, ApiKey.Fetch, 12)).Responses[0].Partitions;
        Assert.Equal((2 * batch.Length, batch.Length), (partitions[0].Records.Length, partitions[1].Records.Length));
    }

    [Fact]
    public async Task A_fetch_whose_time_is_up_gets_what_there_is()
    {
        var client = await ConnectAsync();
        var batch = Batch("little");
        await ProduceAsync(client, batch);
        var fetched = await FetchAsync(client, ToFetch(12, 50, 1 << 20, int.MaxValue, (0, 0, 1 << 20), (1, 0, 1 << 20)));
        Assert.Equal((batch.Length, 0), (fetched[0].Records.Length, fetched[1].Records.Length));
    }

    [Fact]
    public async Task The_first_batch_is_whole_whatever_the_limits_and_others_keep_to_them()
    {
        var client = await ConnectAsync();
        var batch = Batch(new string('x', 1000));
        for (var partition = 0; partition < 3; partition++)
            for (var i = 0; i < 2; i++) await ProduceAsync(client, batch, partition);
        var tiny = await FetchAsync(client, ToFetch(12, 0, 1, 1, (0, 0, 1), (1, 0, 1), (2, 0, 1)));
        Assert.Equal($"{batch.Length}, 0, 0", string.Join(", ", tiny.Select(p => p.Records.Length)));
        var two = await FetchAsync(client, ToFetch(
            12, 0, 1, 5 * batch.Length / 2, (0, 0, batch.Length + 1), (1, 0, batch.Length + 1), (2, 0, batch.Length + 1)));
        Assert.Equal($"{batch.Length}, {batch.Length}, 0", string.Join(", ", two.Select(p => p.Records.Length)));
    }

    [Fact]
    public async Task Errors_are_answered_at_once()
    {
        var client = await ConnectAsync();
        var fetched =
            await FetchAsync(client, ToFetch(12, 30_000, 1, int.MaxValue, (0, 5, 1 << 20), (77, 0, 1 << 20), (1, 0, 1 << 20)));
        Assert.Equal("OffsetOutOfRange, UnknownTopicOrPartition, None", string.Join(", ", fetched.Select(p => p.Head.ErrorCode)));
        var unknown = ToFetch(13, 30_000, 1, int.MaxValue, (0, 0, 1 << 20));
        unknown = unknown with { Topics = [unknown.Topics[0] with { TopicId = new(4711) }] };
        Assert.Equal(ErrorCode.UnknownTopicId, (await FetchAsync(client, unknown, 13))[0].Head.ErrorCode);
    }

    private static string Told(FetchResponse response) => string.Join(", ",
        response.Responses.SelectMany(t => t.Partitions)
            .Select(p => $"{p.Head.Index}:{p.Head.ErrorCode}:{p.Head.HighWatermark}"));

    private static FetchRequest In(FetchResponse session, int epoch, params (int Partition, long From, int MaxBytes)[] changed) =>
        (changed.Length == 0 ? ToFetch(12, 0, 1, int.MaxValue) with { Topics = [] } : ToFetch(12, 0, 1, int.MaxValue, changed))
        with
        { SessionId = session.SessionId, SessionEpoch = epoch };

    private Task<FetchResponse> InSessionAsync(RawClient client, FetchRequest request, short version = 12) =>
        AskAsync<FetchRequest, FetchResponse>(client, request, version);

    [Fact]
    public async Task In_a_session_only_what_changes_is_asked_and_only_news_is_answered()
    {
        var client = await ConnectAsync();
        var first = await InSessionAsync(client, In(new(), 0, (0, 0, 1 << 20), (1, 0, 1 << 20), (77, 0, 1 << 20)));
        Assert.NotEqual(0, first.SessionId);
        Assert.Equal("0:None:0, 1:None:0, 77:UnknownTopicOrPartition:-1", Told(first));
        Assert.Equal("77:UnknownTopicOrPartition:-1", Told(await InSessionAsync(client, In(first, 1))));
        var forget = In(first, 2) with { ForgottenTopicsData = [new(Topic, default, [77])] };
        Assert.Equal("", Told(await InSessionAsync(client, forget)));
        await ProduceAsync(client, Batch("v", records: 5));
        Assert.Equal("0:None:5", Told(await InSessionAsync(client, In(first, 3))));
        Assert.Equal("0:None:5", Told(await InSessionAsync(client, In(first, 4)))); // Again: the reader did not move on.
        Assert.Equal("", Told(await InSessionAsync(client, In(first, 5, (0, 5, 1 << 20)))));

        // An empty request waits for what the session is about.
        var waiting = InSessionAsync(client, In(first, 6) with { MaxWaitMs = 30_000 });
        var other = await ConnectAsync();
        await ProduceAsync(other, Batch("w"));
        Assert.Equal("0:None:6", Told(await waiting));
    }

    [Fact]
    public async Task Sessions_end_are_bounded_and_keep_count()
    {
        var client = await ConnectAsync();
        var invented = await InSessionAsync(client, In(new() { SessionId = 5 }, 1));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, invented.ErrorCode);
        var one = await InSessionAsync(client, In(new(), 0, (0, 0, 1 << 20)));
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await InSessionAsync(client, In(one, 2))).ErrorCode);
        var byId = In(one, 1) with { SessionEpoch = 1 };
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, (await InSessionAsync(client, byId, 13)).ErrorCode);
        var two = await InSessionAsync(client, In(new(), 0, (1, 0, 1 << 20)));
        Assert.Equal(2, _broker.Sessions.Count);
        Assert.Equal(0, (await InSessionAsync(client, In(new(), 0, (1, 0, 1 << 20)))).SessionId); // No room.
        Assert.Equal("1:None:0", Told(await InSessionAsync(client, In(two, -1, (1, 0, 1 << 20)))));
        Assert.Equal(1, _broker.Sessions.Count);
        var anew = await InSessionAsync(client, In(one, 0, (2, 0, 1 << 20))); // In place of the one that it had.
        Assert.Equal((1, "2:None:0"), (_broker.Sessions.Count, Told(anew)));
    }

    [Fact]
    public async Task Offsets_are_listed_and_records_deleted()
    {
        var client = await ConnectAsync();
        for (var i = 0; i < 3; i++) await ProduceAsync(client, Batch("v", records: 5));
        async Task<ListOffsetsResponse.Partition> List(long timestamp) =>
            (await AskAsync<ListOffsetsRequest, ListOffsetsResponse>(
                client, new() { Topics = [new(Topic, [new(0, Epoch.None, timestamp)])] }, 7)).Topics[0].Partitions[0];
        Assert.Equal(new Offset(15), (await List(ListOffsetsRequest.LatestTimestamp)).Offset);
        var delete = new DeleteRecordsRequest([new(Topic, [new(0, new(7)), new(50, new(7))])], 60_000);
        var deleted = (await AskAsync<DeleteRecordsRequest, DeleteRecordsResponse>(client, delete, 2)).Topics[0].Partitions;
        Assert.Equal((new Offset(7), ErrorCode.UnknownTopicOrPartition), (deleted[0].LowWatermark, deleted[1].ErrorCode));
        Assert.Equal(new Offset(7), (await List(ListOffsetsRequest.EarliestTimestamp)).Offset);
        Assert.Equal((new Offset(7), 1002L), ((await List(1002)).Offset, (await List(1002)).Timestamp));
        var epochs = await AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(
            client, new() { Topics = [new(Topic, [new(0, Epoch.None, Epoch.Zero)])] }, 4);
        Assert.Equal(new Offset(15), epochs.Topics[0].Partitions[0].EndOffset);
    }

    [Fact]
    public async Task Many_producers_on_one_partition_keep_their_own_order_and_nothing_is_lost()
    {
        const int producers = 8, each = 300;
        var offsets = await Task.WhenAll(Enumerable.Range(0, producers).Select(async p =>
        {
            var client = await ConnectAsync();
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < each; i++)
                    await client.SendAsync(RawClient.Request(ApiKey.Produce, 9, i, ToProduce(9, -1, (0, Batch($"{p}:{i}")))));
            });
            var mine = new List<long>();
            for (var i = 0; i < each; i++)
            {
                var answer = (await ReceiveAsync<ProduceResponse>(client, ApiKey.Produce, 9)).Responses[0].PartitionResponses[0];
                Assert.Equal(ErrorCode.None, answer.ErrorCode);
                mine.Add(answer.BaseOffset.Value);
            }
            await sending;
            Assert.Equal(mine.Order(), mine);
            return mine;
        }));
        Assert.Equal(producers * each, offsets.SelectMany(o => o).Distinct().Count());
        Assert.Equal(producers * each - 1, offsets.SelectMany(o => o).Max());

        var reader = await ConnectAsync();
        var next = new int[producers];
        for (long from = 0; from < producers * each;)
        {
            var fetched = await FetchAsync(reader, from);
            foreach (var batch in new RecordBatches(fetched.Records.Span))
            {
                if (batch.Header.BaseOffset.Value < from) continue;
                using var records = RecordBatchReader.Open(batch.Bytes, 1 << 20);
                foreach (var record in records)
                {
                    var (producer, number) = Parse(Encoding.UTF8.GetString(record.Value));
                    Assert.Equal(next[producer]++, number);
                }
                from = batch.Header.NextOffset.Value;
            }
        }
        Assert.All(next, n => Assert.Equal(each, n));

        static (int, int) Parse(string value) => (int.Parse(value.Split(':')[0]), int.Parse(value.Split(':')[1]));
    }
}
