using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Requests that wait at the broker, and what ends the wait.</summary>
public sealed class WaitingRequests : AcceptanceTest
{
    private const int Minutes = 600_000;

    /// <summary>H23: a record is read as soon as it is there.</summary>
    [Fact]
    public async Task A_fetch_at_the_end_is_answered_by_the_next_record()
    {
        await Client.CreateAsync("t", 1);
        var waiting = await WaitAsync("t");
        await Client.ProduceAsync("t", 0, "now");
        Assert.False((await waiting()).Records.IsEmpty);
    }

    [Fact]
    public async Task A_fetch_of_a_topic_that_is_deleted_is_answered()
    {
        await Client.CreateAsync("t", 1);
        var waiting = await WaitAsync("t");
        await Client.DeleteTopicAsync("t");
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await waiting()).Head.ErrorCode);
    }

    [Fact]
    public async Task A_broker_that_stops_waits_for_no_waiting_client()
    {
        await Client.CreateAsync("t", 1);
        await Client.FindCoordinatorAsync("g");
        var waiting = await WaitAsync("t");
        await StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(waiting);
    }

    /// <summary>A new topic of an old name has nothing to do with what groups have read of the old one.</summary>
    [Fact]
    public async Task Offsets_of_a_deleted_topic_are_forgotten()
    {
        await Client.CreateAsync("t", 1);
        await Client.CreateAsync("kept", 1);
        await Client.FindCoordinatorAsync("g");
        await Client.CommitAsync("g", "t", 0, 5);
        await Client.CommitAsync("g", "kept", 0, 6);
        await Client.DeleteTopicAsync("t");
        await Client.CreateAsync("t", 1);
        await EventuallyAsync(async () => (await Client.CommittedAsync("g", "t", 0)).CommittedOffset.IsNone);
        Assert.Equal(new Offset(6), (await Client.CommittedAsync("g", "kept", 0)).CommittedOffset);
    }

    /// <returns>Waits for the answer.</returns>
    private async Task<Func<Task<FetchResponse.Partition>>> WaitAsync(string topic)
    {
        var client = await ConnectAsync();
        var asked = TestKafkaClient.ToFetch(topic, new() { PartitionMaxBytes = 1000 }) with { MaxWaitMs = Minutes };
        var answer = client.AskAsync(asked, version: 12);
        return async () => (await answer).Responses[0].Partitions[0];
    }
}
