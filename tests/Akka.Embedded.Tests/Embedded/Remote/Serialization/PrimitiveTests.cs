using System.Runtime.Serialization;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

public sealed class PrimitiveTests : RemoteSerializationTest
{
    [Fact]
    public void Numbers_are_little_endian_and_text_is_utf8()
    {
        Assert.Equal((17, "System.String, System.Private.CoreLib", "c3a9"), Wire("é"));
        Assert.Equal((17, "System.Int32, System.Private.CoreLib", "feffffff"), Wire(-2));
        Assert.Equal((17, "System.Int64, System.Private.CoreLib", "0100000000000080"), Wire(long.MinValue + 1));
    }

    [Theory]
    [InlineData("S", "61", "a")]
    [InlineData("System.String, mscorlib", "61", "a")]
    [InlineData("I", "02000000", 2)]
    [InlineData("System.Int32, mscorlib", "02000000", 2)]
    [InlineData("L", "0200000000000000", 2L)]
    [InlineData("System.Int64, mscorlib", "0200000000000000", 2L)]
    public void Short_names_and_those_of_the_old_framework_are_read(string manifest, string hex, object value) =>
        Assert.Equal(value, Read(17, manifest, hex));

    [Theory]
    [InlineData("I", "0200")]
    [InlineData("L", "02000000")]
    [InlineData("System.Guid, System.Private.CoreLib", "")]
    public void Other_types_and_lengths_are_errors(string manifest, string hex) =>
        Assert.Throws<SerializationException>(() => Read(17, manifest, hex));
}
