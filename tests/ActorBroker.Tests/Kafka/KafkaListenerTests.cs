using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Kafka;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Tests.Kafka;

public sealed class KafkaListenerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeProduceHandler _produce = new();
    private readonly FakeHandler _other = new();
    private readonly LogLines _log = new();
    private readonly List<RawClient> _clients = [];
    private KafkaListener? _listener;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        if (_listener is not null) await _listener.DisposeAsync();
    }

    private KafkaListener Listen(Func<KafkaListenerOptions, KafkaListenerOptions>? change = null)
    {
        var options = new KafkaListenerOptions("PLAINTEXT", new(IPAddress.Loopback, 0));
        _listener =
            new KafkaListener(change?.Invoke(options) ?? options, new ApiHandlers(_produce, [_other]), TimeProvider.System, _log);
        _listener.Start();
        return _listener;
    }

    private async Task<RawClient> ConnectAsync()
    {
        var client = await RawClient.ConnectAsync((_listener ?? Listen()).Address);
        _clients.Add(client);
        return client;
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(5, patience.Token);
    }

    [Fact]
    public async Task Produces_are_answered_in_the_order_in_which_they_came_whichever_is_done_first()
    {
        _produce.Park = true;
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(1), RawClient.Produce(2), RawClient.Produce(3));
        await Until(() => _produce.Parked.Count == 3);
        var parts = _produce.Parked.ToArray();
        parts[2].Appended(new(3), Offset.Zero);
        parts[1].Appended(new(2), Offset.Zero);
        Assert.Equal(0, client.Socket.Available);
        parts[0].Appended(new(1), Offset.Zero);
        Assert.Equal("1, 2, 3", await client.ReceiveCorrelationIdsAsync(3));
    }

    [Fact]
    public async Task Another_request_waits_for_the_produces_before_it()
    {
        _produce.Park = true;
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(1), RawClient.ApiVersions(2), RawClient.Produce(3));
        await Until(() => _produce.Parked.Count == 1);
        Assert.Equal(0, _other.Handled);
        _produce.Park = false;
        _produce.Parked.TryDequeue(out var part);
        part!.Appended(Offset.Zero, Offset.Zero);
        Assert.Equal("1, 2, 3", await client.ReceiveCorrelationIdsAsync(3));
    }

    [Fact]
    public async Task A_produce_waits_for_another_request_before_it()
    {
        var hold = new TaskCompletionSource();
        _other.Until = hold.Task;
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.ApiVersions(1), RawClient.Produce(2));
        await Until(() => _other.Handled == 1);
        Assert.Equal(0, _produce.Started);
        hold.SetResult();
        Assert.Equal("1, 2", await client.ReceiveCorrelationIdsAsync(2));
    }

    [Fact]
    public async Task No_more_produces_are_read_than_may_be_unanswered()
    {
        _produce.Park = true;
        Listen(o => o with { MaxUnansweredRequests = 4 });
        var client = await ConnectAsync();
        for (var i = 1; i <= 10; i++) await client.SendAsync(RawClient.Produce(i));
        await Until(() => _produce.Started == 4);
        for (var i = 1; i <= 10; i++)
        {
            await Until(() => !_produce.Parked.IsEmpty && _produce.Started >= i); // It is parked first.
            Assert.InRange(_produce.Started, i, i + 3);
            _produce.Parked.TryDequeue(out var part);
            part!.Appended(Offset.Zero, Offset.Zero);
            Assert.Equal(i, await client.ReceiveCorrelationIdAsync());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public async Task Frames_of_any_size_come_through_in_pieces_of_any_size(int recordBytes)
    {
        var client = await ConnectAsync();
        var request = RawClient.Produce(1, recordBytes: recordBytes);
        var all = request.Concat(RawClient.Produce(2, recordBytes: recordBytes)).Concat(RawClient.ApiVersions(3)).ToArray();
        var random = new Random(recordBytes);
        for (var sent = 0; sent < all.Length;)
        {
            var piece = Math.Min(all.Length - sent, random.Next(1, Math.Max(2, recordBytes / 3)));
            await client.Socket.SendAsync(all.AsMemory(sent, piece));
            sent += piece;
        }
        Assert.Equal("1, 2, 3", await client.ReceiveCorrelationIdsAsync(3));
    }

    [Fact]
    public async Task Thousands_of_small_requests_in_one_piece_are_all_answered()
    {
        var client = await ConnectAsync();
        var sending = client.SendAsync([.. Enumerable.Range(1, 5000).Select(i => RawClient.Produce(i, recordBytes: i % 300))]);
        for (var i = 1; i <= 5000; i++) Assert.Equal(i, await client.ReceiveCorrelationIdAsync());
        await sending;
        await Until(() => _listener!.Buffers.UsedBytes <= 512 << 10);
    }

    [Fact]
    public async Task Half_a_request_and_then_silence_disturbs_nobody_and_is_closed_when_idle()
    {
        Listen(o => o with { MaxIdle = TimeSpan.FromSeconds(3) });
        var silent = await ConnectAsync();
        await silent.Socket.SendAsync(RawClient.Produce(1, recordBytes: 90_000).AsMemory(0, 5_000));
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(7));
        Assert.Equal(7, await client.ReceiveCorrelationIdAsync());
        Assert.True(await silent.IsClosedByBrokerAsync());
    }

    [Fact]
    public async Task A_size_alone_takes_no_memory()
    {
        var client = await ConnectAsync();
        var claim = new byte[10];
        BinaryPrimitives.WriteInt32BigEndian(claim, 99 << 20);
        await client.Socket.SendAsync(claim.AsMemory());
        await Until(() => _listener!.Buffers.UsedBytes > 8 << 10);
        Assert.InRange(_listener!.Buffers.UsedBytes, 1, 2 << 20);
    }

    [Fact]
    public async Task Large_requests_wait_in_their_sockets_while_others_fill_the_memory()
    {
        _produce.Park = true;
        Listen(o => o with { MaxQueuedBytes = 150_000 });
        var clients = new List<RawClient>();
        for (var i = 0; i < 6; i++) clients.Add(await ConnectAsync());
        var sending = clients.Select((client, i) => client.SendAsync(RawClient.Produce(i, recordBytes: 100_000)).AsTask())
            .ToArray();
        await Until(() => _produce.Parked.Count == 2);
        var small = await ConnectAsync();
        await small.SendAsync(RawClient.Produce(7, recordBytes: 100)); // Takes no part in it.
        await Until(() => _produce.Parked.Count == 3);
        for (var answered = 0; answered < 7; answered++)
        {
            await Until(() => !_produce.Parked.IsEmpty);
            Assert.InRange(_produce.Parked.Count, 1, 3);
            _produce.Parked.TryDequeue(out var part);
            part!.Appended(Offset.Zero, Offset.Zero);
        }
        for (var i = 0; i < 6; i++) Assert.Equal(i, await clients[i].ReceiveCorrelationIdAsync());
        await Task.WhenAll(sending);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData((100 << 20) + 1)]
    [InlineData(-1)]
    public async Task An_impossible_size_closes_the_connection_with_a_line_that_names_client_and_cause(int size)
    {
        var client = await ConnectAsync();
        var frame = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(frame, size);
        await client.Socket.SendAsync(frame.AsMemory());
        Assert.True(await client.IsClosedByBrokerAsync());
        var address = client.Socket.LocalEndPoint!.ToString()!;
        await Until(() => _log.Lines.Any(l => l.Contains(address) && l.Contains($"request size {size}")));
    }

    [Fact]
    public async Task What_came_before_a_malformed_request_is_still_answered()
    {
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(1), [0, 0, 0, 2, 1, 1]);
        Assert.Equal(1, await client.ReceiveCorrelationIdAsync());
        Assert.True(await client.IsClosedByBrokerAsync());
    }

    [Fact]
    public async Task Random_bytes_close_their_connection_only()
    {
        var client = await ConnectAsync();
        var random = new Random(4711);
        for (var i = 0; i < 300; i++)
        {
            using var vandal = await RawClient.ConnectAsync(_listener!.Address);
            var junk = new byte[random.Next(1, 200)];
            random.NextBytes(junk);
            if (i % 2 == 0 && junk.Length > 4) BinaryPrimitives.WriteInt32BigEndian(junk, junk.Length - 4);
            await vandal.Socket.SendAsync(junk.AsMemory());
            try
            {
                vandal.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The broker was faster.
            }
            while ((await vandal.ReceiveAsync()).Length > 0)
            {
            }
        }
        await client.SendAsync(RawClient.Produce(5));
        Assert.Equal(5, await client.ReceiveCorrelationIdAsync());
        await Until(() => _listener!.ConnectionCount == 1);
        Assert.DoesNotContain(_log.Lines, l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unsupported_version_of_ApiVersions_is_answered_in_version_0_and_of_others_closes()
    {
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.ApiVersions(1, version: 99));
        var response = await client.ReceiveAsync();
        var wire = new WireReader(response.AsSpan(4));
        var answer = ApiVersionsResponse.Read(ref wire, version: 0);
        Assert.Equal((ErrorCode.UnsupportedVersion, ApiKey.ApiVersions), (answer.ErrorCode, answer.ApiKeys.Single().ApiKey));

        await client.SendAsync(RawClient.Request(ApiKey.Produce, 99, 2, new ApiVersionsRequest("", "")));
        Assert.True(await client.IsClosedByBrokerAsync());
    }

    [Fact]
    public async Task An_unknown_api_closes_the_connection()
    {
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Request((ApiKey)999, 0, 2, new ApiVersionsRequest("", "")));
        Assert.True(await client.IsClosedByBrokerAsync());
        await Until(() => _log.Lines.Any(l => l.Contains("999")));
    }

    [Fact]
    public async Task A_produce_without_acks_is_not_answered_and_its_failure_closes()
    {
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(1, acks: 0), RawClient.Produce(2));
        Assert.Equal(2, await client.ReceiveCorrelationIdAsync());
        _produce.Park = true;
        await client.SendAsync(RawClient.Produce(3, acks: 0));
        await Until(() => _produce.Parked.Count == 1);
        _produce.Parked.TryDequeue(out var part);
        part!.Refused(ErrorCode.NotLeaderOrFollower);
        Assert.True(await client.IsClosedByBrokerAsync());
    }

    [Fact]
    public async Task A_client_that_never_reads_is_not_read_from_and_memory_stays_bounded()
    {
        _other.AnswerEntries = 10_000;
        var client = await ConnectAsync();
        client.Socket.ReceiveBufferSize = 4096;
        var request = RawClient.ApiVersions(1);
        var blocked = false;
        client.Socket.Blocking = false;
        for (var i = 0; i < 5_000_000 && !blocked; i++)
        {
            var before = _other.Handled;
            try
            {
                client.Socket.Send(request);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                await Task.Delay(100);
                blocked = _other.Handled == before;
            }
        }
        Assert.True(blocked, "The broker still reads from a client that does not read.");
        Assert.InRange(_listener!.Buffers.UsedBytes, 1, 1 << 20);
        var other = await ConnectAsync();
        await other.SendAsync(RawClient.Produce(9));
        Assert.Equal(9, await other.ReceiveCorrelationIdAsync());
    }

    [Fact]
    public async Task Two_thousand_idle_connections_cost_little_and_nobody_waits_for_them()
    {
        Listen(o => o with { Backlog = 2048 });
        for (var i = 0; i < 2000; i++) await ConnectAsync();
        await Until(() => _listener!.ConnectionCount == 2000);
        Assert.InRange(_listener!.Buffers.UsedBytes, 1, 2000 * (8 << 10));
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(9));
        Assert.Equal(9, await client.ReceiveCorrelationIdAsync());
    }

    [Fact]
    public async Task Connections_above_the_limits_are_refused_until_one_leaves()
    {
        Listen(o => o with { MaxConnectionsPerIp = 2 });
        var first = await ConnectAsync();
        await ConnectAsync();
        await Until(() => _listener!.ConnectionCount == 2);
        var third = await ConnectAsync();
        Assert.True(await third.IsClosedByBrokerAsync());
        await Until(() => _log.Lines.Any(l => l.Contains("max.connections.per.ip")));
        first.Dispose();
        await Until(() => _listener!.ConnectionCount == 1);
        var fourth = await ConnectAsync();
        await fourth.SendAsync(RawClient.Produce(4));
        Assert.Equal(4, await fourth.ReceiveCorrelationIdAsync());
    }

    [Fact]
    public async Task Stopping_closes_every_connection_and_the_port_can_be_taken_again()
    {
        var client = await ConnectAsync();
        await client.SendAsync(RawClient.Produce(1));
        await client.ReceiveAsync();
        await _listener!.DisposeAsync();
        Assert.True(await client.IsClosedByBrokerAsync());
        await using var again = new KafkaListener(
            new KafkaListenerOptions("PLAINTEXT", _listener.Address), new ApiHandlers(_produce, [_other]), TimeProvider.System,
            NullLogger.Instance);
        Assert.Equal(_listener.Address, again.Address);
    }

    private sealed class LogLines : ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
