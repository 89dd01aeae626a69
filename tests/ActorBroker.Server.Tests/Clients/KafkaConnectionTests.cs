using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Clients;

public sealed class KafkaConnectionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_highest_version_that_both_know_is_spoken()
    {
        await using var broker = new FakeBroker();
        broker.HasTopic("t", 1);
        broker.On<ApiVersionsRequest, ApiVersionsResponse>(
            _ => new() { ApiKeys = [new(ApiKey.ApiVersions, 0, 3), new(ApiKey.Metadata, 2, 7)] });
        await using var client = new KafkaClient(broker.ClientOptions);

        await client.RefreshAsync(["t"], None);

        Assert.Contains((ApiKey.Metadata, (short)7), broker.Requests);
    }

    [Fact]
    public async Task An_old_broker_that_refuses_the_version_of_the_greeting_is_greeted_again()
    {
        await using var broker = new FakeBroker();
        broker.HasTopic("t", 1);
        broker.OnRaw(ApiKey.ApiVersions, frame =>
        {
            var wire = new WireReader(frame);
            var header = RequestHeader.Read(ref wire);
            using var writer = new WireWriter();
            writer.Int32(header.CorrelationId);
            var answer = header.Version == 0
                ? ApiVersionsResponse.Advertised()
                : ApiVersionsResponse.UnsupportedVersion() with { ApiKeys = [new(ApiKey.ApiVersions, 0, 0)] };
            answer.Write(writer, 0);
            return writer.WrittenSpan.ToArray();
        });
        await using var client = new KafkaClient(broker.ClientOptions);

        await client.RefreshAsync(["t"], None);

        Assert.Equal([(ApiKey.ApiVersions, (short)3), (ApiKey.ApiVersions, (short)0)], broker.Requests.Take(2));
    }

    [Fact]
    public async Task Without_a_common_version_the_error_names_both_ranges()
    {
        await using var broker = new FakeBroker();
        broker.On<ApiVersionsRequest, ApiVersionsResponse>(_ => new() { ApiKeys = [new(ApiKey.Metadata, 90, 99)] });
        await using var client = new KafkaClient(broker.ClientOptions);

        var error = await Assert.ThrowsAsync<KafkaException>(() => client.RefreshAsync([], None));

        Assert.Equal(ErrorCode.UnsupportedVersion, error.Code);
        Assert.Contains("90-99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_on_the_port_is_named_at_once()
    {
        await using var broker = new FakeBroker();
        broker.OnRaw(ApiKey.ApiVersions, _ => "HTTP/1.1 400 Bad Request"u8.ToArray());
        var options = broker.ClientOptions with { RequestTimeout = TimeSpan.FromMilliseconds(300) };
        await using (var impatient = new KafkaClient(options))
            await Assert.ThrowsAnyAsync<Exception>(() => impatient.RefreshAsync([], None));

        await using var client = new KafkaClient(broker.ClientOptions);
        broker.OnRaw(ApiKey.ApiVersions, frame => [.. frame.Span.Slice(4, 4), 0, 0, 0x7F, 0xFF, 0xFF, 0xFF]);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => client.RefreshAsync([], None));
        Assert.Contains("does not speak Kafka's protocol", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_wait_hear_of_a_broken_connection()
    {
        await using var broker = new FakeBroker();
        broker.HasTopic("t", 1);
        broker.OnRaw(ApiKey.ListGroups, _ => []);
        broker.OnRaw(ApiKey.DescribeCluster, _ => null);
        await using var client = new KafkaClient(broker.ClientOptions);
        var connection = await client.AnyAsync(None);

        var first = connection.SendAsync(new ListGroupsRequest(), None);
        var second = connection.SendAsync(new DescribeClusterRequest(), None);

        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        Assert.True(connection.IsBroken);
        Assert.NotSame(connection, await client.AnyAsync(None));
    }

    [Fact]
    public async Task The_next_broker_of_the_list_is_tried()
    {
        await using var broker = new FakeBroker();
        broker.HasTopic("t", 2);
        await using var client = new KafkaClient(
            broker.ClientOptions with { BootstrapServers = [new("127.0.0.1", 1), broker.Address] });

        var metadata = await client.RefreshAsync(null, None);

        Assert.Equal(2, metadata.RequireTopic("t").Partitions.Length);
    }

    [Fact]
    public async Task Where_no_broker_answers_the_list_is_named_and_nothing_is_tried_again()
    {
        await using var client = new KafkaClient(new([new("127.0.0.1", 1), new("127.0.0.1", 2)]));
        var error = await Assert.ThrowsAsync<NoBrokerException>(
            () => Retry.RunAsync(client.Options, token => client.RefreshAsync(null, token), None));
        Assert.Contains("127.0.0.1:1,127.0.0.1:2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_goes_after_the_first_answer_is_waited_for()
    {
        await using var broker = new FakeBroker();
        var answers = 0;
        broker.On<MetadataRequest, MetadataResponse>(_ => ++answers < 3 ? null : new() { ClusterId = "back" });
        await using var client = new KafkaClient(broker.ClientOptions);

        var metadata = await Retry.RunAsync(client.Options, token => client.RefreshAsync([], token), None);

        Assert.Equal("back", metadata.Response.ClusterId);
    }

    [Theory]
    [InlineData(ErrorCode.UnknownTopicOrPartition, "UNKNOWN_TOPIC_OR_PARTITION")]
    [InlineData(ErrorCode.None, "NONE")]
    [InlineData((ErrorCode)999, "UNKNOWN_ERROR_CODE")]
    public void Errors_have_kafkas_names(ErrorCode code, string name) => Assert.Equal(name, ErrorTexts.NameOf(code));
}
