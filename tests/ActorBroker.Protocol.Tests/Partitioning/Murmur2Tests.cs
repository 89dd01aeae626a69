using System.Text;
using ActorBroker.Protocol.Partitioning;

namespace ActorBroker.Protocol.Tests.Partitioning;

public class Murmur2Tests
{
    /// <summary>
    /// The vectors of the tests of Kafka's Java client; the empty key and the last one as kafka-python computes them.
    /// </summary>
    [Theory]
    [InlineData("", 275646681)]
    [InlineData("21", -973932308)]
    [InlineData("abc", 479470107)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    public void Hash_is_that_of_the_Java_client(string key, int hash) =>
        Assert.Equal(hash, Murmur2.Of(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Bytes_of_a_key_are_unsigned() => Assert.Equal(-970489390, Murmur2.Of([0xff, 0x00, 0x80]));

    [Theory]
    [InlineData("21", 0)]
    [InlineData("foobar", 6)]
    [InlineData("a-little-bit-longer-string", 9)]
    public void A_key_belongs_to_the_partition_that_the_Java_client_sends_it_to(string key, int partition) =>
        Assert.Equal(partition, Murmur2.PartitionOf(Encoding.UTF8.GetBytes(key), 10));
}
