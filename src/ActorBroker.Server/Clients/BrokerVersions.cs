using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients;

/// <summary>Which versions of each API one broker speaks, as it said in its answer to ApiVersions.</summary>
internal sealed class BrokerVersions
{
    private readonly Dictionary<ApiKey, (short Min, short Max)> _ranges = [];

    public BrokerVersions(ApiVersionsResponse response)
    {
        foreach (var api in response.ApiKeys) _ranges[api.ApiKey] = (api.MinVersion, api.MaxVersion);
    }

    /// <summary>The highest version that both sides know.</summary>
    /// <param name="maxVersion">The highest that the caller wants, whatever else is known.</param>
    /// <exception cref="KafkaException">There is none: <see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public short Pick(ApiKey key, short maxVersion = short.MaxValue)
    {
        if (!ApiVersionTable.TryGet(key, out var ours))
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"{key} is not known here");
        if (!_ranges.TryGetValue(key, out var theirs))
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"The broker does not offer {key}");
        var version = Math.Min(Math.Min(ours.Max, theirs.Max), maxVersion);
        return version >= Math.Max(ours.Min, theirs.Min)
            ? version
            : throw new KafkaException(ErrorCode.UnsupportedVersion,
                $"{key}: the broker speaks versions {theirs.Min}-{theirs.Max}, "
                + $"this program {ours.Min}-{Math.Min(ours.Max, maxVersion)}");
    }

    public bool Offers(ApiKey key) => _ranges.ContainsKey(key);
}
