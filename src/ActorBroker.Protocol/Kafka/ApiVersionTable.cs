namespace ActorBroker.Protocol.Kafka;

/// <summary>The versions of one API.</summary>
/// <param name="Min">Lowest version that is served.</param>
/// <param name="Max">Highest version that is served and advertised.</param>
/// <param name="AdvertisedMin">Lowest version that ApiVersions names; below <paramref name="Min"/> for Produce only.</param>
/// <param name="FlexibleFrom">First version with compact lengths and tagged fields (KIP-482).</param>
public readonly record struct ApiVersionRange(ApiKey Key, short Min, short Max, short AdvertisedMin, short FlexibleFrom);

/// <summary>Which versions of which APIs are served, and which are advertised.</summary>
/// <remarks>
/// The minima are those of Kafka 4 (KIP-896). Produce is advertised from 0 although 0-2 are not served: librdkafka before
/// 2.11.1 sends batches uncompressed, without a word, to a broker whose minimum is higher (as Kafka 4 does, KAFKA-18659).
/// Codecs may know versions above <c>Max</c>: Fetch 18 is for followers, ListOffsets 11 asks for tiered offsets.
/// </remarks>
public static class ApiVersionTable
{
    private const short Never = short.MaxValue;

    private static readonly ApiVersionRange[] Ranges =
    [
        new(ApiKey.Produce, Min: 3, Max: 13, AdvertisedMin: 0, FlexibleFrom: 9),
        Of(ApiKey.Fetch, 4, 17, flexibleFrom: 12),
        Of(ApiKey.ListOffsets, 1, 10, flexibleFrom: 6),
        Of(ApiKey.Metadata, 0, 13, flexibleFrom: 9),
        Of(ApiKey.OffsetCommit, 2, 9, flexibleFrom: 8),
        Of(ApiKey.OffsetFetch, 1, 9, flexibleFrom: 6),
        Of(ApiKey.FindCoordinator, 0, 6, flexibleFrom: 3),
        Of(ApiKey.JoinGroup, 0, 9, flexibleFrom: 6),
        Of(ApiKey.Heartbeat, 0, 4, flexibleFrom: 4),
        Of(ApiKey.LeaveGroup, 0, 5, flexibleFrom: 4),
        Of(ApiKey.SyncGroup, 0, 5, flexibleFrom: 4),
        Of(ApiKey.DescribeGroups, 0, 6, flexibleFrom: 5),
        Of(ApiKey.ListGroups, 0, 5, flexibleFrom: 3),
        Of(ApiKey.ApiVersions, 0, 4, flexibleFrom: 3),
        Of(ApiKey.CreateTopics, 2, 7, flexibleFrom: 5),
        Of(ApiKey.DeleteTopics, 1, 6, flexibleFrom: 4),
        Of(ApiKey.DeleteRecords, 0, 2, flexibleFrom: 2),
        Of(ApiKey.InitProducerId, 0, 5, flexibleFrom: 2),
        Of(ApiKey.OffsetForLeaderEpoch, 2, 4, flexibleFrom: 4),
        Of(ApiKey.DescribeConfigs, 1, 4, flexibleFrom: 4),
        Of(ApiKey.AlterConfigs, 0, 2, flexibleFrom: 2),
        Of(ApiKey.DescribeLogDirs, 1, 4, flexibleFrom: 2),
        Of(ApiKey.CreatePartitions, 0, 3, flexibleFrom: 2),
        Of(ApiKey.DeleteGroups, 0, 2, flexibleFrom: 2),
        Of(ApiKey.ElectLeaders, 0, 2, flexibleFrom: 2),
        Of(ApiKey.IncrementalAlterConfigs, 0, 1, flexibleFrom: 1),
        Of(ApiKey.AlterPartitionReassignments, 0, 1, flexibleFrom: 0),
        Of(ApiKey.ListPartitionReassignments, 0, 0, flexibleFrom: 0),
        Of(ApiKey.OffsetDelete, 0, 0, flexibleFrom: Never),
        Of(ApiKey.DescribeCluster, 0, 2, flexibleFrom: 0),
        Of(ApiKey.DescribeTopicPartitions, 0, 0, flexibleFrom: 0),
        Of(ApiKey.DecommissionBroker, 0, 0, flexibleFrom: 0),
    ];

    private static readonly ApiVersionRange?[] ByKey = Index();

    /// <summary>All APIs that are served, by ascending key.</summary>
    public static ReadOnlySpan<ApiVersionRange> All => Ranges;

    public static bool TryGet(ApiKey key, out ApiVersionRange range)
    {
        var known = (uint)key < (uint)ByKey.Length ? ByKey[(int)key] : null;
        range = known.GetValueOrDefault();
        return known.HasValue;
    }

    public static bool Serves(ApiKey key, short version) =>
        TryGet(key, out var range) && version >= range.Min && version <= range.Max;

    /// <summary>
    /// Whether headers and body of this version have compact lengths and tagged fields; <c>false</c> for an unknown API.
    /// </summary>
    public static bool IsFlexible(ApiKey key, short version) => TryGet(key, out var range) && version >= range.FlexibleFrom;

    private static ApiVersionRange Of(ApiKey key, short min, short max, short flexibleFrom) =>
        new(key, min, max, min, flexibleFrom);

    private static ApiVersionRange?[] Index()
    {
        var byKey = new ApiVersionRange?[(int)Ranges[^1].Key + 1];
        foreach (var range in Ranges) byKey[(int)range.Key] = range;
        return byKey;
    }
}
