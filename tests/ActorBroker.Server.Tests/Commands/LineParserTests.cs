using System.Text;
using ActorBroker.Server.Commands;

namespace ActorBroker.Server.Tests.Commands;

public sealed class LineParserTests
{
    [Fact]
    public void A_line_is_a_value()
    {
        var record = new LineParser("t", null, new(), null).Parse("a\tb"u8);
        Assert.Null(record.Key);
        Assert.Equal("a\tb", Text(record.Value));
    }

    [Theory]
    [InlineData(null, "k\tv")]
    [InlineData(":", "k:v")]
    [InlineData("\\t", "k\tv")]
    [InlineData("=>", "k=>v")]
    public void A_key_ends_at_the_first_separator(string? separator, string line)
    {
        var properties = Properties("parse.key=true");
        if (separator is not null) properties.Add([new("key.separator", separator)]);
        var record = new LineParser("t", 2, properties, null).Parse(Encoding.UTF8.GetBytes(line + line));
        Assert.Equal("k", Text(record.Key));
        Assert.Equal("v" + line, Text(record.Value));
        Assert.Equal(2, record.Partition);
    }

    [Fact]
    public void The_flag_for_the_separator_asks_for_keys() =>
        Assert.Equal("k", Text(new LineParser("t", null, new(), "|").Parse("k|v"u8).Key));

    [Fact]
    public void Headers_come_first()
    {
        var record = new LineParser("t", null, Properties("parse.headers=true", "parse.key=true", "null.marker=NULL"), null)
            .Parse("h1:v1,h2:NULL\tk\tNULL"u8);
        Assert.Equal(["h1", "h2"], record.Headers!.Select(h => h.Key));
        Assert.Equal(["v1", null], record.Headers!.Select(h => Text(h.Value)));
        Assert.Equal("k", Text(record.Key));
        Assert.Null(record.Value);
    }

    [Fact]
    public void A_missing_key_is_an_error_with_its_line_or_a_value_without_a_key()
    {
        var strict = new LineParser("t", null, Properties("parse.key=true"), null);
        strict.Parse("k\tv"u8);
        Assert.Contains(
            "Line 2", Assert.Throws<InvalidDataException>(() => strict.Parse("no key"u8)).Message, StringComparison.Ordinal);

        var lenient = new LineParser("t", null, Properties("parse.key=true", "ignore.error=true"), null).Parse("no key"u8);
        Assert.Null(lenient.Key);
        Assert.Equal("no key", Text(lenient.Value));
    }

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("a\r\nb", "a\r|b")]
    public async Task Lines_end_at_newlines_and_keep_all_other_bytes(string text, string expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var lines = new List<string>();
        await foreach (var line in Lines.ReadAsync(stream, CancellationToken.None)) lines.Add(Encoding.UTF8.GetString(line.Span));
        Assert.Equal(expected, string.Join('|', lines));
    }

    [Fact]
    public async Task A_line_may_be_longer_than_any_buffer()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789", 50_000));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text + "\n" + text));
        var lengths = new List<int>();
        await foreach (var line in Lines.ReadAsync(stream, CancellationToken.None)) lengths.Add(line.Length);
        Assert.Equal([500_000, 500_000], lengths);
    }

    private static ClientProperties Properties(params string[] values)
    {
        var properties = new ClientProperties();
        properties.Add(KeyValues.Parse("--property", values));
        return properties;
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
