using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Tests.Clients;

public sealed class PartitionerTests
{
    /// <summary>Rows G05 and G08: murmur2 as in Java's client, whichever partitions have a leader.</summary>
    [Theory]
    [InlineData("21", 10, 0)]
    [InlineData("foobar", 10, 6)]
    [InlineData("a-little-bit-long-string", 7, 1)]
    public void A_key_has_its_partition(string key, int partitions, int expected)
    {
        foreach (var partitioner in new IPartitioner[] { new RoundRobinPartitioner(), new StickyPartitioner(new Random(1)) })
            Assert.Equal(expected, partitioner.PartitionOf(Topic(partitions), Encoding.UTF8.GetBytes(key), hasKey: true));
    }

    [Fact]
    public void An_empty_key_is_a_key()
    {
        var partitioner = new RoundRobinPartitioner();
        Assert.Single(Enumerable.Range(0, 10).Select(_ => partitioner.PartitionOf(Topic(5), [], hasKey: true)).Distinct());
    }

    [Fact]
    public void Records_without_a_key_go_round_the_partitions_that_have_a_leader()
    {
        var partitioner = new RoundRobinPartitioner();
        var topic = Topic(4, leaderless: 2);
        Assert.Equal([0, 1, 3, 0, 1, 3], Enumerable.Range(0, 6).Select(_ => partitioner.PartitionOf(topic, [], hasKey: false)));
    }

    [Fact]
    public void Sticky_stays_until_the_batch_closes()
    {
        var partitioner = new StickyPartitioner(new Random(3));
        var topic = Topic(50);
        var chosen = new HashSet<int>();
        for (var batch = 0; batch < 20; batch++)
        {
            Assert.Single(Enumerable.Range(0, 5).Select(_ => partitioner.PartitionOf(topic, [], hasKey: false)).Distinct());
            chosen.Add(partitioner.PartitionOf(topic, [], hasKey: false));
            partitioner.OnBatchClosed("t");
        }
        Assert.True(chosen.Count > 5);
    }

    private static MetadataResponse.Topic Topic(int partitions, int leaderless = -1) => new()
    {
        Name = "t",
        Partitions = [.. Enumerable.Range(0, partitions).Select(p => new MetadataResponse.Partition
        {
            Index = p,
            LeaderId = p == leaderless ? BrokerId.None : new(1),
        })],
    };
}
