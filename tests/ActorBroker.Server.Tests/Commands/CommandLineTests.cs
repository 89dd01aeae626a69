using ActorBroker.Server.Commands;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("topics", "create")]
    [InlineData("topics", "create", "--topic", "t", "--partitions", "many")]
    [InlineData("topics", "alter", "--topic", "t")]
    [InlineData("topics", "alter", "--topic", "t", "--config", "nokey")]
    [InlineData("topics", "list", "--bootstrap-server", "a:b")]
    [InlineData("topics", "list", "--no-such-flag")]
    [InlineData("nosuchverb")]
    [InlineData("produce", "--topic", "t", "--acks", "2")]
    [InlineData("produce", "--topic", "t", "--compression-codec", "rar")]
    [InlineData("consume")]
    [InlineData("consume", "--include", ".*")]
    [InlineData("consume", "--topic", "t", "--offset", "soon")]
    [InlineData("consume", "--topic", "t", "--consumer-property", "auto.offset.reset=middle")]
    [InlineData("groups", "describe")]
    [InlineData("groups", "reset-offsets", "--group", "g", "--topic", "t")]
    [InlineData("groups", "reset-offsets", "--group", "g", "--topic", "t", "--to-earliest", "--to-latest")]
    [InlineData("log", "dump")]
    [InlineData("log", "dump", "/no/such/file.log")]
    public async Task A_wrong_command_line_exits_with_2_and_a_word_why(params string[] args)
    {
        var (exit, io) = await TestIo.RunAsync("", args);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("error: ", io.Error, StringComparison.Ordinal);
        Assert.Empty(io.Out);
    }

    [Fact]
    public async Task No_broker_exits_with_1()
    {
        var (exit, io) = await TestIo.RunAsync("", "topics", "list", "--bootstrap-server", "127.0.0.1:1");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("127.0.0.1:1", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_verbs()
    {
        var (exit, io) = await TestIo.RunAsync("", "--help");
        Assert.Equal(ExitCode.Ok, exit);
        foreach (var verb in new[] { "topics", "produce", "consume", "groups", "log" })
            Assert.Contains(verb, io.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("topics --create --topic t", "topics create --topic t")]
    [InlineData("topics --bootstrap-server h:1 --describe --topic t", "topics describe --bootstrap-server h:1 --topic t")]
    [InlineData("topics create --topic list", "topics create --topic list")]
    [InlineData("groups --reset-offsets --group g", "groups reset-offsets --group g")]
    [InlineData("topics --help", "topics --help")]
    [InlineData("consume --topic t", "consume --topic t")]
    public void Verbs_may_be_flags_as_in_kafkas_scripts(string given, string expected) =>
        Assert.Equal(expected.Split(' '), ScriptStyle.Normalize(given.Split(' ')));

    /// <summary>Row L03: a clear word, and the command works where its broker is on the usual port.</summary>
    [Fact]
    public async Task Zookeeper_is_deprecated_and_says_what_to_write_instead()
    {
        var (_, io) = await TestIo.RunAsync(
            "", "topics", "list", "--zookeeper", "127.0.0.1:2181/chroot", "--command-config", "/dev/null");
        Assert.Contains("--zookeeper is deprecated", io.Error, StringComparison.Ordinal);
        Assert.Contains("--bootstrap-server 127.0.0.1:9092", io.Error, StringComparison.Ordinal);
    }
}
