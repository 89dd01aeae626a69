using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

public class WireWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void A_tagged_field_of_any_size_has_its_size_before_it(int size)
    {
        using var wire = new WireWriter(16);
        wire.TagCount(1);
        var tag = wire.BeginTag(7);
        for (var i = 0; i < size; i++) wire.Int8((sbyte)i);
        wire.EndTag(tag);
        wire.Int16(-2);

        var back = new WireReader(wire.WrittenSpan);
        var tags = back.Tags();
        Assert.True(back.Next(ref tags));
        Assert.Equal(7u, tags.Number);
        for (var i = 0; i < size; i++)
            if (back.Int8() != (sbyte)i) Assert.Fail($"Byte {i} is another.");
        Assert.False(back.Next(ref tags));
        Assert.Equal(-2, back.Int16());
    }

    [Theory]
    [InlineData(0u, "00")]
    [InlineData(127u, "7f")]
    [InlineData(128u, "8001")]
    [InlineData(16_384u, "808001")]
    [InlineData(uint.MaxValue, "ffffffff0f")]
    public void Unsigned_varints_have_seven_bits_a_byte(uint value, string hex)
    {
        using var wire = new WireWriter();
        wire.UnsignedVarint(value);
        Assert.Equal(hex, Convert.ToHexStringLower(wire.WrittenSpan));
    }

    [Fact]
    public void A_frame_counts_the_bytes_that_are_sent_from_elsewhere()
    {
        using var wire = new WireWriter(1);
        wire.Int32(99);
        var frame = wire.BeginFrame();
        wire.Int64(1);
        wire.EndFrame(frame, bytesElsewhere: 1000);
        Assert.Equal("00000063" + "000003f0" + "0000000000000001", Convert.ToHexStringLower(wire.WrittenSpan));
    }

    [Fact]
    public void A_classic_string_of_more_than_32767_bytes_is_refused()
    {
        using var wire = new WireWriter();
        Assert.Throws<ArgumentException>(() => wire.String(new string('é', 16_384), flexible: false));
        wire.String(new string('é', 16_384), flexible: true);
    }

    [Fact]
    public void After_clearing_a_warm_writer_allocates_nothing()
    {
        using var wire = new WireWriter(16);
        Write(wire);
        wire.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(wire);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Write(WireWriter wire)
        {
            var frame = wire.BeginFrame();
            ResponseHeader.Write(wire, ApiKey.Produce, 9, correlationId: 1);
            var writer = new ProduceResponseWriter(wire, 9);
            writer.Begin(topics: 1);
            writer.Topic("orders"u8, TopicId.None, partitions: 100);
            for (var i = 0; i < 100; i++)
                writer.Partition(new ProduceResponse.Partition { Index = i, BaseOffset = new Offset(i) });
            writer.EndTopic();
            writer.End(throttleTimeMs: 0);
            wire.EndFrame(frame);
        }
    }
}
