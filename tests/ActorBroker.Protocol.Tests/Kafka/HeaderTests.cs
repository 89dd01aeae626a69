using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

public class HeaderTests
{
    [Theory]
    [InlineData("0003" + "0004" + "00000007" + "0003" + "636c69", ApiKey.Metadata, 4, 7, "cli")]
    [InlineData("0003" + "0004" + "00000007" + "ffff", ApiKey.Metadata, 4, 7, null)]
    [InlineData("0003" + "0004" + "00000007" + "0000", ApiKey.Metadata, 4, 7, "")]
    // The client's id stays classic.
    [InlineData("0003" + "0009" + "ffffffff" + "0003" + "636c69" + "00", ApiKey.Metadata, 9, -1, "cli")]
    [InlineData("0003" + "0009" + "00000007" + "ffff" + "00", ApiKey.Metadata, 9, 7, null)]
    [InlineData("0012" + "0003" + "00000000" + "ffff" + "00", ApiKey.ApiVersions, 3, 0, null)]
    [InlineData("002f" + "0000" + "00000000" + "ffff", ApiKey.OffsetDelete, 0, 0, null)]
    public void A_request_header_is_read_and_written(string hex, ApiKey key, short version, int correlationId, string? clientId)
    {
        var wire = new WireReader(Convert.FromHexString(hex).AsSpan());
        var header = RequestHeader.Read(ref wire);
        Assert.Equal((key, version, correlationId, clientId),
            (header.Key, header.Version, header.CorrelationId, header.ClientId));
        Assert.Equal(0, wire.Remaining);

        using var writer = new WireWriter();
        RequestHeader.Write(writer, key, version, correlationId, clientId);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.WrittenSpan));
    }

    [Fact]
    public void Tagged_fields_of_a_request_header_are_skipped()
    {
        var wire =
            new WireReader(Convert.FromHexString("0003" + "0009" + "00000007" + "ffff" + "01" + "0502aabb" + "11").AsSpan());
        RequestHeader.Read(ref wire);
        Assert.Equal(0x11, wire.Int8());
    }

    [Theory]
    [InlineData("03e7" + "0063" + "00000007" + "0001" + "61")]
    [InlineData("8000" + "7fff" + "00000007" + "0001" + "61")]
    [InlineData("0012" + "0063" + "00000007" + "0001" + "61" + "00")] // A future ApiVersions
    public void The_header_of_an_unknown_api_or_version_can_still_be_named(string hex)
    {
        var wire = new WireReader(Convert.FromHexString(hex).AsSpan());
        var header = RequestHeader.Read(ref wire);
        Assert.False(ApiVersionTable.Serves(header.Key, header.Version));
        Assert.Equal((7, "a"), (header.CorrelationId, header.ClientId));
    }

    [Theory]
    [InlineData(ApiKey.Metadata, 8, "00000005")]
    [InlineData(ApiKey.Metadata, 9, "0000000500")]
    [InlineData(ApiKey.ApiVersions, 2, "00000005")]
    [InlineData(ApiKey.ApiVersions, 4, "00000005")] // Never tagged fields
    public void A_response_header_has_tagged_fields_in_flexible_versions_but_for_ApiVersions(
        ApiKey key, short version, string hex)
    {
        using var writer = new WireWriter();
        ResponseHeader.Write(writer, key, version, correlationId: 5);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.WrittenSpan));

        var wire = new WireReader(writer.WrittenSpan);
        Assert.Equal(5, ResponseHeader.Read(ref wire, key, version));
        Assert.Equal(0, wire.Remaining);
    }
}
