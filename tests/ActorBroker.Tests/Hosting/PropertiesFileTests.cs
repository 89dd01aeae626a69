using ActorBroker.Hosting.Options;

namespace ActorBroker.Tests.Hosting;

public class PropertiesFileTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("  a = b c  ", "a", "b c")]
    [InlineData("a:b", "a", "b")]
    [InlineData("a b", "a", "b")]
    [InlineData("a==b", "a", "=b")]
    [InlineData("a", "a", "")]
    [InlineData("a=", "a", "")]
    [InlineData("a=b\\\n   c", "a", "bc")]
    [InlineData("a=b\\\\", "a", "b\\")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("a=\\u0041\\t!", "a", "A\t!")]
    [InlineData("# a comment\n! another\n\na=b", "a", "b")]
    [InlineData("a=b\r\n", "a", "b")]
    public void Lines_are_read_as_java_does(string text, string key, string value)
    {
        var line = Assert.Single(PropertiesFile.Parse(text));
        Assert.Equal((key, value), (line.Key, line.Value));
    }

    [Fact]
    public void Each_key_knows_its_line() =>
        Assert.Equal([2, 3, 5], PropertiesFile.Parse("#\na=1\nb=\\\n2\nc=3").Select(p => p.Line));
}
