using ActorBroker.Server.Clients;

namespace ActorBroker.Server.Tests.Clients;

public sealed class HostAndPortTests
{
    [Theory]
    [InlineData("host:9093", "host:9093")]
    [InlineData(" host ", "host:9092")]
    [InlineData("127.0.0.1:1", "127.0.0.1:1")]
    [InlineData("[::1]:9093", "[::1]:9093")]
    [InlineData("[::1]", "[::1]:9092")]
    [InlineData("kafka://127.0.0.1:9092", "127.0.0.1:9092")]
    [InlineData("PLAINTEXT://h:1", "h:1")]
    public void Addresses_are_read(string text, string expected)
    {
        Assert.True(HostAndPort.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":9092")]
    [InlineData("host:port")]
    [InlineData("host:70000")]
    [InlineData("host:-1")]
    [InlineData("two words:1")]
    public void Other_texts_are_none(string text) => Assert.False(HostAndPort.TryParse(text, out _));

    [Fact]
    public void A_list_has_commas()
    {
        Assert.True(HostAndPort.TryParseList("a:1, b:2,c", out var list));
        Assert.Equal(["a:1", "b:2", "c:9092"], list.Select(a => a.ToString()));
        Assert.False(HostAndPort.TryParseList(",", out _));
        Assert.False(HostAndPort.TryParseList("a:1,b:x", out _));
    }
}
