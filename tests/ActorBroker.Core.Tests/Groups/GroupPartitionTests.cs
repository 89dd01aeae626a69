using ActorBroker.Core.Groups;

namespace ActorBroker.Core.Tests.Groups;

public class GroupPartitionTests
{
    /// <summary>Computed with Java's String.hashCode.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 97 % 50)]
    [InlineData("hello", 99162322 % 50)]
    [InlineData("polygenelubricants", 0)] // Its hash is Integer.MIN_VALUE.
    [InlineData("payments0", 9)] // Its hash is negative.
    public void Group_belongs_to_the_partition_that_Kafka_puts_it_in(string group, int partition) =>
        Assert.Equal(partition, GroupPartition.Of(group, 50));
}
