using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class PathTests
{
    [Theory]
    [InlineData("akka://sys/user/a/b")]
    [InlineData("akka.tcp://sys@127.0.0.1:2551/user/a")]
    [InlineData("akka.tcp://sys@[::1]:2551/user/a")]
    [InlineData("akka.tcp://sys@host/user/a")]
    [InlineData("akka://sys/")]
    public void A_path_reads_as_it_is_written(string text) => Assert.Equal(text, ActorPath.Parse(text).ToString());

    [Fact]
    public void The_uid_is_part_of_the_serialized_form_but_not_of_equality()
    {
        var path = ActorPath.Parse("akka://sys/user/a#42");
        Assert.Equal(42, path.Uid);
        Assert.Equal("akka://sys/user/a#42", path.ToSerializationFormat());
        Assert.Equal("akka://sys/user/a", path.ToString());
        Assert.Equal(ActorPath.Parse("akka://sys/user/a"), path);
    }

    [Fact]
    public void A_local_path_takes_the_address_it_is_shown_with()
    {
        var address = new Address("akka.tcp", "sys", "host", 1);
        Assert.Equal("akka.tcp://sys@host:1/user/a#7",
            ActorPath.Parse("akka://sys/user/a#7").ToSerializationFormatWithAddress(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no scheme")]
    [InlineData("akka://")]
    [InlineData("akka.tcp://sys@host:port/user")]
    [InlineData("akka.tcp://@host:1/user")]
    public void What_is_no_path_is_refused(string text) => Assert.False(ActorPath.TryParse(text, out _));

    [Fact]
    public void Parents_children_and_depth()
    {
        var path = ActorPath.Parse("akka://sys/user/a/b");
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal("b", path.Name);
        Assert.Equal(3, path.Depth);
        Assert.Equal("akka://sys/user/a", path.Parent.ToString());
        Assert.Equal(path, path.Parent / "b");
        Assert.Equal(path.Root, path.ParentOf(0));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a-b_c.d*e+f:g@h&i=j,k!l~m'n;o(p)", true)]
    [InlineData("%20", true)]
    [InlineData("%2", false)]
    [InlineData("$a", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("", false)]
    public void Names_are_what_fits_into_a_uri(string name, bool valid) =>
        Assert.Equal(valid, ActorPath.IsValidPathElement(name));

    [Theory]
    [InlineData("akka://test/#5")]
    [InlineData("akka://test/user/a#x")]
    [InlineData("akka://test/user/a#5#6")]
    public void A_path_with_an_incarnation_where_none_can_be_is_no_path(string path) =>
        Assert.False(ActorPath.TryParse(path, out _));
}
