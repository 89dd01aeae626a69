using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Groups;

/// <summary>Consumer groups of a whole broker, over sockets.</summary>
public sealed class GroupsOfABrokerTests : IDisposable
{
    private const int Partitions = 6;
    private static readonly byte[] EveryPartition = [0, 1, 2, 3, 4, 5];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Members_come_and_go_and_every_partition_has_one_of_them()
    {
        await using var broker = await StartAsync();
        using var a = await GroupMember.ConnectAsync(broker, "g", Partitions);
        using var b = await GroupMember.ConnectAsync(broker, "g", Partitions);
        using var c = await GroupMember.ConnectAsync(broker, "g", Partitions);
        GroupMember[] all = [a, b, c];
        bool IsShared(params GroupMember[] members) =>
            members.All(each => (each.Generation, each.Partitions.Length) == (
                members[0].Generation, Partitions / members.Length));

        await Task.WhenAll(all.Select(each => each.JoinAsync()));
        await Task.WhenAll(all.Select(each => each.StayAsync(() => IsShared(all))));
        Assert.Equal(EveryPartition, all.SelectMany(each => each.Partitions).Order());
        var generation = a.Generation;

        await b.LeaveAsync();
        await Task.WhenAll(a.StayAsync(() => IsShared(a, c)), c.StayAsync(() => IsShared(a, c)));
        Assert.Equal(EveryPartition, a.Partitions.Concat(c.Partitions).Order());
        Assert.True(a.Generation > generation);
        Assert.Equal(ErrorCode.UnknownMemberId, await b.CommitAsync(0, 1));
    }

    [Fact]
    public async Task Group_goes_on_where_it_was_after_a_restart()
    {
        string memberId;
        await using (var broker = await StartAsync())
        {
            using var member = await GroupMember.ConnectAsync(broker, "g", Partitions);
            await member.JoinAsync();
            memberId = member.MemberId;
            Assert.Equal(ErrorCode.None, await member.CommitAsync(3, 42));
        }
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            var found = await FetchAsync(client);
            Assert.Equal((3, 42), (found.Index, found.CommittedOffset.Value));
            Assert.Equal(ErrorCode.None, (await client.AskAsync(new HeartbeatRequest("g", 1, memberId))).ErrorCode);
        }
    }

    [Fact]
    public async Task Offsets_topic_is_made_for_the_first_group_and_compacted()
    {
        await using var broker = await StartAsync();
        using var client = await BrokerClient.ConnectAsync(broker);
        var topics = await client.AskAsync(new MetadataRequest());
        Assert.DoesNotContain(topics.Topics, topic => topic.Name == "__consumer_offsets");
        var found = await client.AskAsync(new FindCoordinatorRequest(CoordinatorType.Group, ["g"]));
        Assert.Equal(ErrorCode.None, found.Coordinators[0].ErrorCode);
        var made = (await client.AskAsync(new MetadataRequest())).Topics.Single(topic => topic.Name == "__consumer_offsets");
        Assert.Equal((true, 50), (made.IsInternal, made.Partitions.Length));
        var ask = new DescribeConfigsRequest([new(ConfigResourceType.Topic, made.Name!, ["cleanup.policy"])]);
        var configs = await client.AskAsync(ask);
        Assert.Equal("compact", configs.Results[0].Configs[0].Value);
    }

    private async Task<EmbeddedBroker> StartAsync()
    {
        var broker = await EmbeddedBroker.StartAsync(new()
        {
            DataDirectory = _folder.Path,
            Configs = new Dictionary<string, string?> { ["group.initial.rebalance.delay.ms"] = "50" },
        });
        using var client = await BrokerClient.ConnectAsync(broker);
        await client.AskAsync(new CreateTopicsRequest([new() { Name = "t", NumPartitions = Partitions }]));
        return broker;
    }

    /// <summary>Asks until the coordinator has loaded.</summary>
    private static async Task<OffsetFetchResponse.Partition> FetchAsync(BrokerClient client)
    {
        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        while (true)
        {
            var group = (await client.AskAsync(new OffsetFetchRequest([new("g", null)]))).Groups[0];
            if (group.ErrorCode is ErrorCode.None) return Assert.Single(Assert.Single(group.Topics).Partitions);
            Assert.Equal(ErrorCode.CoordinatorLoadInProgress, group.ErrorCode);
            await Task.Delay(20, patience.Token);
        }
    }
}
