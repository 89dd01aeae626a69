using System.Text;
using System.Text.Json;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Commands;

namespace ActorBroker.Server.Tests.Commands;

public sealed class RecordPrinterTests
{
    private static readonly ConsumedRecord Record = new(
        new("t", 3),
        new(42),
        1700000000000,
        TimestampType.CreateTime,
        "k"u8.ToArray(),
        "v"u8.ToArray(),
        [new("h", "x"u8.ToArray()), new("n", null)]);

    [Theory]
    [InlineData("v\n")]
    [InlineData("k\tv\n", "print.key=true")]
    [InlineData("k\n", "print.key=true", "print.value=false")]
    [InlineData("k|v#", "print.key=true", "key.separator=|", "line.separator=#")]
    [InlineData("CreateTime:1700000000000\tPartition:3\tOffset:42\th:x,n:null\tk\tv\n",
        "print.key=true", "print.timestamp=true", "print.partition=true", "print.offset=true", "print.headers=true")]
    public void Parts_are_printed_as_kafkas_console_consumer_does(string expected, params string[] properties) =>
        Assert.Equal(expected, Print(Record, properties));

    [Fact]
    public void Null_has_its_own_word()
    {
        var tombstone = Record with { Key = null, Value = null, Headers = [] };
        Assert.Equal("NO_HEADERS\tnull\tnull\n", Print(tombstone, "print.key=true", "print.headers=true"));
        Assert.Equal("-\n", Print(tombstone, "null.literal=-"));
    }

    [Fact]
    public void Json_shows_text_as_text_and_other_bytes_as_base64()
    {
        var json = JsonSerializer.SerializeToElement(RecordPrinter.ToJson(Record with { Value = [0xFF] }));
        Assert.Equal("k", json.GetProperty("key").GetString());
        Assert.Equal("/w==", json.GetProperty("valueBase64").GetString());
        Assert.Equal(42, json.GetProperty("offset").GetInt64());
        Assert.Equal("x", json.GetProperty("headers")[0].GetProperty("value").GetString());
    }

    private static string Print(ConsumedRecord record, params string[] properties)
    {
        var settings = new ClientProperties();
        settings.Add(KeyValues.Parse("--property", properties));
        using var output = new MemoryStream();
        new RecordPrinter(output, settings).Write(record);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
