using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

public class WireReaderTests
{
    [Theory]
    [InlineData("00", 0u)]
    [InlineData("7f", 127u)]
    [InlineData("8001", 128u)]
    [InlineData("ff7f", 16_383u)]
    [InlineData("808001", 16_384u)]
    [InlineData("ffffffff0f", uint.MaxValue)]
    public void Unsigned_varints_have_seven_bits_a_byte(string hex, uint value)
    {
        var wire = new WireReader(Bytes(hex).AsSpan());
        Assert.Equal(value, wire.UnsignedVarint());
        Assert.Equal(0, wire.Remaining);
    }

    [Theory]
    [InlineData("ffffffff10")]
    [InlineData("808080808000")]
    [InlineData("80")]
    [InlineData("")]
    public void A_varint_of_more_than_32_bits_or_without_end_is_refused(string hex) =>
        Refused(hex, (ref wire) => wire.UnsignedVarint());

    [Theory]
    [InlineData("ffff", false)]
    [InlineData("00", true)]
    public void Null_is_told_from_empty_and_refused_where_a_value_must_be(string hex, bool flexible)
    {
        var wire = new WireReader(Bytes(hex).AsSpan());
        Assert.Null(wire.NullableString(flexible));
        Refused(hex, (ref wire) => wire.String(flexible));
    }

    [Theory]
    [InlineData("0000", false)]
    [InlineData("01", true)]
    public void Empty_is_told_from_null(string hex, bool flexible)
    {
        var wire = new WireReader(Bytes(hex).AsSpan());
        Assert.Equal("", wire.NullableString(flexible));
    }

    [Theory]
    [InlineData("fffe6162", false)] // Length -2
    [InlineData("00036162", false)]
    [InlineData("046162", true)]
    [InlineData("ffffffff0f6162", true)]
    public void A_length_that_cannot_be_is_refused(string hex, bool flexible)
    {
        Refused(hex, (ref wire) => wire.String(flexible));
        Refused(hex, (ref wire) => wire.NullableString(flexible));
    }

    [Theory]
    [InlineData("7fffffff00", false)]
    [InlineData("fffffffe00", false)]
    [InlineData("ffffffff0f00", true)]
    [InlineData("ffffff7f00", true)]
    [InlineData("0000000200", false)]
    public void An_array_that_claims_more_items_than_bytes_are_left_is_refused_without_allocating_it(string hex, bool flexible)
    {
        Refused(hex, (ref wire) => wire.NullableArrayLength(flexible));
        Refused(hex, (ref wire) => wire.Strings(flexible));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(hex, (ref wire) => wire.Int32Array(flexible));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000);
    }

    [Fact]
    public void An_array_is_allocated_as_its_items_are_read()
    {
        // A million items are claimed, and there are as many bytes; but an item takes 265 of them.
        byte[] frame = [0x00, 0x0f, 0x42, 0x40, .. new byte[1_000_000]];
        frame.AsSpan(4).Fill(0x01);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WireException>(() =>
        {
            var wire = new WireReader(frame.AsSpan());
            return wire.Array<MetadataResponse.Broker>(flexible: false, version: 0);
        });
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 5_000_000);
    }

    [Fact]
    public void A_range_is_where_the_bytes_lie()
    {
        var frame = Bytes("ff" + "00000003" + "0a0b0c" + "ffffffff");
        var wire = new WireReader(frame.AsSpan());
        wire.Int8();
        var range = wire.Range(flexible: false);
        Assert.Equal(new ByteRange(5, 3), range);
        Assert.Equal([0x0a, 0x0b, 0x0c], range!.Value.Of(frame).ToArray());
        Assert.Null(wire.Range(flexible: false));
    }

    [Fact]
    public void Memory_is_a_slice_of_the_frame_it_was_read_from()
    {
        var frame = Bytes("04" + "0a0b0c");
        var wire = new WireReader(frame.AsMemory());
        var memory = wire.Memory(flexible: true)!.Value;
        frame[1] = 0xee;
        Assert.Equal([0xee, 0x0b, 0x0c], memory.ToArray());
    }

    [Fact]
    public void Tagged_fields_are_read_by_number_and_the_others_skipped()
    {
        var wire = new WireReader(Bytes("03" + "00020102" + "0500" + "0603040506" + "77").AsSpan());
        var tags = wire.Tags();
        Assert.True(wire.Next(ref tags));
        Assert.Equal(0u, tags.Number);
        Assert.True(wire.Next(ref tags));
        Assert.Equal(5u, tags.Number);
        Assert.True(wire.Next(ref tags));
        Assert.Equal(6u, tags.Number);
        Assert.Equal(0x0405, wire.Int16()); // 06 is left over, and skipped.
        Assert.False(wire.Next(ref tags));
        Assert.Equal(0x77, wire.Int8());
    }

    [Theory]
    [InlineData("0100020102")] // Size 2, four bytes are read.
    [InlineData("01000a0102030405")] // Size 10, five bytes are left.
    [InlineData("0100ffffffff0f01020304")]
    [InlineData("05000000")] // Five fields cannot be in three bytes.
    public void A_tagged_field_of_another_size_than_it_says_is_refused(string hex) => Refused(hex + "", (ref wire) =>
    {
        var tags = wire.Tags();
        while (wire.Next(ref tags)) wire.Int32();
    });

    [Fact]
    public void Reading_primitives_allocates_nothing()
    {
        var frame = Bytes("01" + "0002" + "00000003" + "0000000000000004" + "8001" + "00026162" + "036162" + "00000001aa" + "00");
        Read(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(frame);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Read(byte[] frame)
        {
            var wire = new WireReader(frame.AsSpan());
            wire.Int8();
            wire.Int16();
            wire.Int32();
            wire.Int64();
            wire.UnsignedVarint();
            wire.Utf8String(flexible: false);
            wire.Utf8String(flexible: true);
            wire.Range(flexible: false);
            wire.SkipTags();
            if (wire.Remaining != 0) throw new InvalidOperationException("Not read to the end.");
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private delegate void Reading(ref WireReader wire);

    private static void Refused(string hex, Reading read) => Assert.Throws<WireException>(() =>
    {
        var wire = new WireReader(Bytes(hex).AsSpan());
        read(ref wire);
    });
}
