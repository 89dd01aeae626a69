using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

public class ApiVersionsTests
{
    [Fact]
    public void Produce_is_advertised_below_what_is_served()
    {
        Assert.Contains(new ApiVersionsResponse.ApiVersion(ApiKey.Produce, 0, 13), ApiVersionsResponse.Advertised().ApiKeys);
        Assert.False(ApiVersionTable.Serves(ApiKey.Produce, 2));
        Assert.True(ApiVersionTable.Serves(ApiKey.Produce, 3));
    }

    /// <summary>Fixed versions from whose presence old librdkafka concludes what a broker can do.</summary>
    [Theory]
    [InlineData(ApiKey.Produce, 0, 7)]
    [InlineData(ApiKey.Fetch, 4, 10)]
    [InlineData(ApiKey.Fetch, 12, 12)]
    [InlineData(ApiKey.ListOffsets, 1, 1)]
    [InlineData(ApiKey.OffsetCommit, 2, 2)]
    [InlineData(ApiKey.OffsetFetch, 1, 1)]
    [InlineData(ApiKey.FindCoordinator, 0, 0)]
    [InlineData(ApiKey.JoinGroup, 0, 2)]
    [InlineData(ApiKey.ApiVersions, 0, 3)]
    [InlineData(ApiKey.InitProducerId, 0, 4)]
    public void Versions_that_clients_look_for_are_advertised(ApiKey key, short first, short last)
    {
        var api = ApiVersionsResponse.Advertised().ApiKeys.Single(api => api.ApiKey == key);
        Assert.True(api.MinVersion <= first && api.MaxVersion >= last);
    }

    [Fact]
    public void Every_api_that_has_a_key_is_served_once()
    {
        var keys = ApiVersionTable.All.ToArray().Select(range => range.Key).ToArray();
        Assert.Equal(Enum.GetValues<ApiKey>().Order(), keys);
        Assert.False(ApiVersionTable.TryGet((ApiKey)(-1), out _));
        Assert.False(ApiVersionTable.TryGet((ApiKey)4, out _));
        Assert.False(ApiVersionTable.TryGet((ApiKey)short.MaxValue, out _));
    }

    [Fact]
    public void The_answer_to_an_unknown_version_is_a_body_of_version_0_that_names_the_known_ones()
    {
        using var wire = new WireWriter();
        ApiVersionsResponse.UnsupportedVersion().Write(wire, version: 0);
        Assert.Equal("0023" + "00000001" + "0012" + "0000" + "0004", Convert.ToHexStringLower(wire.WrittenSpan));
    }

    [Theory]
    [InlineData("librdkafka", "2.11.1-rc1", true)]
    [InlineData("a", "1", true)]
    [InlineData("", "1", false)]
    [InlineData("a", "", false)]
    [InlineData("-a", "1", false)]
    [InlineData("a", "1.", false)]
    [InlineData("a b", "1", false)]
    [InlineData("käse", "1", false)]
    public void Software_names_are_letters_and_digits_with_dots_and_dashes_inside(string name, string version, bool valid)
    {
        Assert.Equal(valid, new ApiVersionsRequest(name, version).HasValidSoftware(version: 3));
        Assert.True(new ApiVersionsRequest(name, version).HasValidSoftware(version: 2));
    }

    [Fact]
    public void Features_whose_lowest_version_is_0_are_left_out_before_v4()
    {
        var response =
            new ApiVersionsResponse { SupportedFeatures = [new("metadata.version", 1, 2), new("group.version", 0, 1)] };
        Assert.Equal(["metadata.version"], Sent(response, version: 3));
        Assert.Equal(["metadata.version", "group.version"], Sent(response, version: 4));

        static IEnumerable<string> Sent(ApiVersionsResponse response, short version)
        {
            using var wire = new WireWriter();
            response.Write(wire, version);
            var back = new WireReader(wire.WrittenSpan);
            return ApiVersionsResponse.Read(ref back, version).SupportedFeatures.Select(feature => feature.Name);
        }
    }
}
