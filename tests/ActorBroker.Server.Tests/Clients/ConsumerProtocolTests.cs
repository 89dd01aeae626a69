using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Tests.Clients;

public sealed class ConsumerProtocolTests
{
    /// <summary>Bytes that kafka-python 2.0.2 encodes.</summary>
    [Fact]
    public void What_other_clients_say_is_read()
    {
        var subscription = ConsumerProtocol.ReadSubscription(
            "m", null, Convert.FromHexString("00000000000200016200016100000000"));
        Assert.Equal(["b", "a"], subscription.Topics);
        Assert.Empty(subscription.Owned);

        var assignment = ConsumerProtocol.ReadAssignment(
            Convert.FromHexString("000000000002000174000000020000000000000002000175000000010000000100000000"));
        Assert.Equal([new("t", 0), new("t", 2), new("u", 1)], assignment);
    }

    [Fact]
    public void Owned_partitions_travel_with_their_generation()
    {
        var bytes = ConsumerProtocol.WriteSubscription(["t"], [new("t", 1), new("u", 0)], generation: 5);
        var read = ConsumerProtocol.ReadSubscription("m", "i", bytes);
        Assert.Equal(["t"], read.Topics);
        Assert.Equal([new("t", 1), new("u", 0)], read.Owned);
        Assert.Equal((5, "m", "i"), (read.OwnedGeneration, read.MemberId, read.InstanceId));
    }

    [Fact]
    public void Later_versions_name_owned_partitions_and_generation_themselves()
    {
        using var wire = new WireWriter();
        wire.Int16(3);
        wire.Strings(["t"], flexible: false);
        wire.BytesLength(-1, flexible: false);
        wire.ArrayLength(1, flexible: false);
        wire.String("t", flexible: false);
        wire.Int32Array([4], flexible: false);
        wire.Int32(9);
        wire.NullableString("rack", flexible: false);
        var read = ConsumerProtocol.ReadSubscription("m", null, wire.WrittenSpan.ToArray());
        Assert.Equal([new TopicPartition("t", 4)], read.Owned);
        Assert.Equal(9, read.OwnedGeneration);
    }

    [Fact]
    public void Foreign_user_data_is_passed_over()
    {
        using var wire = new WireWriter();
        wire.Int16(0);
        wire.Strings(["t"], flexible: false);
        wire.Bytes([1, 2, 3], flexible: false);
        Assert.Empty(ConsumerProtocol.ReadSubscription("m", null, wire.WrittenSpan.ToArray()).Owned);
    }

    [Fact]
    public void An_assignment_comes_back_and_nothing_is_nothing()
    {
        TopicPartition[] partitions = [new("a", 0), new("a", 7), new("b", 1)];
        Assert.Equal(partitions, ConsumerProtocol.ReadAssignment(ConsumerProtocol.WriteAssignment(partitions)));
        Assert.Empty(ConsumerProtocol.ReadAssignment(default));
    }
}
