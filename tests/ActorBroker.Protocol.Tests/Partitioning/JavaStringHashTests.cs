using ActorBroker.Protocol.Partitioning;

namespace ActorBroker.Protocol.Tests.Partitioning;

public class JavaStringHashTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 97)]
    [InlineData("hello", 99162322)]
    [InlineData("käse", 3410411)]
    [InlineData("😀", 1772899)] // Two UTF-16 units
    [InlineData("polygenelubricants", int.MinValue)]
    [InlineData("payments0", -86518109)]
    public void Hash_is_that_of_a_Java_string(string text, int hash) => Assert.Equal(hash, JavaStringHash.Of(text));

    [Theory]
    [InlineData("hello", 22)]
    [InlineData("payments0", 9)] // The absolute value of a negative hash
    [InlineData("orders-reader-0", 40)]
    [InlineData("polygenelubricants", 0)] // The hash without an absolute value
    public void A_text_belongs_to_the_partition_that_Kafka_puts_it_in(string text, int partition) =>
        Assert.Equal(partition, JavaStringHash.PartitionOf(text, 50));
}
