using System.Text;
using ActorBroker.Protocol.Records;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Protocol.Tests.Records;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("a", 0xC1D04330u)]
    [InlineData("123456789", 0xE3069283u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x22620404u)]
    public void Known_texts_have_the_known_crc(string text, uint crc) =>
        Assert.Equal(crc, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));

    /// <summary>RFC 3720, appendix B.4.</summary>
    [Fact]
    public void Vectors_of_the_iscsi_standard_hold()
    {
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute(Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray()));
    }

    [Theory]
    [InlineData(767)]
    [InlineData(768)]
    [InlineData(769)]
    [InlineData(12_287)]
    [InlineData(12_288)]
    [InlineData(12_289)]
    [InlineData(100_003)]
    public void Interleaved_lanes_give_the_crc_of_the_definition(int length)
    {
        var bytes = RandomBytes(length);
        Assert.Equal(ByDefinition(bytes), Crc32C.Compute(bytes));
    }

    [Fact]
    public void Any_bytes_in_any_two_parts_have_the_crc_of_the_definition() =>
        Prop.ForAll<byte[], int>((bytes, cut) =>
        {
            var at = bytes.Length == 0 ? 0 : (int)((uint)cut % (uint)bytes.Length);
            return Crc32C.Append(Crc32C.Compute(bytes.AsSpan(0, at)), bytes.AsSpan(at)) == ByDefinition(bytes);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(70_000)]
    public void A_changed_start_is_patched_without_the_rest(int bytesAfter)
    {
        var before = RandomBytes(22 + bytesAfter);
        var after = (byte[])before.Clone();
        after[3] ^= 0x55;
        after[21] ^= 0xFF;
        var difference = before.Zip(after, (a, b) => (byte)(a ^ b)).Take(22).ToArray();

        Assert.Equal(Crc32C.Compute(after), Crc32C.Patch(Crc32C.Compute(before), difference, bytesAfter));
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static uint ByDefinition(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
        }
        return ~crc;
    }
}
