namespace ActorBroker.Protocol.Kafka;

/// <summary>ApiVersions: key 18, versions 0-4. v3 is flexible and names the client's software (KIP-511).</summary>
public sealed record ApiVersionsRequest(string ClientSoftwareName, string ClientSoftwareVersion)
    : IRequest<ApiVersionsRequest, ApiVersionsResponse>
{
    public static ApiKey Key => ApiKey.ApiVersions;

    public static ApiVersionsRequest Read(ref WireReader wire, short version)
    {
        if (version < 3) return new ApiVersionsRequest("", "");
        var request = new ApiVersionsRequest(
            ClientSoftwareName: wire.String(flexible: true),
            ClientSoftwareVersion: wire.String(flexible: true));
        wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        if (version < 3) return;
        wire.String(ClientSoftwareName, flexible: true);
        wire.String(ClientSoftwareVersion, flexible: true);
        wire.NoTags();
    }

    /// <summary>Whether name and version may be shown in metrics and logs; if not, the answer is InvalidRequest.</summary>
    public bool HasValidSoftware(short version) =>
        version < 3 || (IsSoftwareWord(ClientSoftwareName) && IsSoftwareWord(ClientSoftwareVersion));

    /// <summary>Letters and digits, with dots and dashes inside.</summary>
    private static bool IsSoftwareWord(string word) =>
        word.Length > 0
        && char.IsAsciiLetterOrDigit(word[0])
        && char.IsAsciiLetterOrDigit(word[^1])
        && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}

/// <summary>
/// ApiVersions: key 18, versions 0-4. v1 adds the throttle time; v3 is flexible and adds the features (KIP-584).
/// </summary>
public sealed record ApiVersionsResponse : IWireValue<ApiVersionsResponse>
{
    public ErrorCode ErrorCode { get; init; }

    public ApiVersion[] ApiKeys { get; init; } = [];

    public int ThrottleTimeMs { get; init; }

    public SupportedFeature[] SupportedFeatures { get; init; } = [];

    /// <summary>-1: unknown, and then <see cref="FinalizedFeatures"/> says nothing.</summary>
    public long FinalizedFeaturesEpoch { get; init; } = -1;

    public FinalizedFeature[] FinalizedFeatures { get; init; } = [];

    public bool ZkMigrationReady { get; init; }

    /// <summary>All that <see cref="ApiVersionTable"/> advertises.</summary>
    public static ApiVersionsResponse Advertised()
    {
        var all = ApiVersionTable.All;
        var keys = new ApiVersion[all.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = new ApiVersion(all[i].Key, all[i].AdvertisedMin, all[i].Max);
        return new ApiVersionsResponse { ApiKeys = keys };
    }

    /// <summary>
    /// The answer to a version of ApiVersions that is not served. It must be written in version 0, whatever was asked, and
    /// names the versions of ApiVersions, so that the client can ask again in one that is.
    /// </summary>
    public static ApiVersionsResponse UnsupportedVersion()
    {
        ApiVersionTable.TryGet(ApiKey.ApiVersions, out var range);
        return new ApiVersionsResponse
        {
            ErrorCode = ErrorCode.UnsupportedVersion,
            ApiKeys = [new ApiVersion(range.Key, range.AdvertisedMin, range.Max)],
        };
    }

    public static ApiVersionsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 3;
        var response = new ApiVersionsResponse
        {
            ErrorCode = wire.ErrorCode(),
            ApiKeys = wire.Array<ApiVersion>(flexible, version),
            ThrottleTimeMs = version >= 1 ? wire.Int32() : 0,
        };
        if (!flexible) return response;

        var tags = wire.Tags();
        while (wire.Next(ref tags))
        {
            response = tags.Number switch
            {
                0 => response with { SupportedFeatures = wire.Array<SupportedFeature>(flexible, version) },
                1 => response with { FinalizedFeaturesEpoch = wire.Int64() },
                2 => response with { FinalizedFeatures = wire.Array<FinalizedFeature>(flexible, version) },
                3 => response with { ZkMigrationReady = wire.Boolean() },
                _ => response,
            };
        }

        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 3;
        wire.ErrorCode(ErrorCode);
        wire.Array(ApiKeys, flexible, version);
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        if (flexible) WriteFeatures(wire, version);
    }

    private void WriteFeatures(WireWriter wire, short version)
    {
        // Clients of v3 refuse a feature whose lowest version is 0 (KAFKA-17011).
        var supported = version >= 4 ? SupportedFeatures : System.Array.FindAll(SupportedFeatures, static f => f.MinVersion > 0);
        var hasEpoch = FinalizedFeaturesEpoch != -1;
        ReadOnlySpan<bool> present = [supported.Length > 0, hasEpoch, FinalizedFeatures.Length > 0, ZkMigrationReady];
        wire.TagCount(present.Count(true));
        if (supported.Length > 0)
        {
            var tag = wire.BeginTag(0);
            wire.Array(supported, flexible: true, version);
            wire.EndTag(tag);
        }

        if (hasEpoch)
        {
            var tag = wire.BeginTag(1);
            wire.Int64(FinalizedFeaturesEpoch);
            wire.EndTag(tag);
        }

        if (FinalizedFeatures.Length > 0)
        {
            var tag = wire.BeginTag(2);
            wire.Array(FinalizedFeatures, flexible: true, version);
            wire.EndTag(tag);
        }

        if (ZkMigrationReady)
        {
            var tag = wire.BeginTag(3);
            wire.Boolean(true);
            wire.EndTag(tag);
        }
    }

    public readonly record struct ApiVersion(ApiKey ApiKey, short MinVersion, short MaxVersion) : IWireValue<ApiVersion>
    {
        public static ApiVersion Read(ref WireReader wire, short version)
        {
            var api = new ApiVersion((ApiKey)wire.Int16(), wire.Int16(), wire.Int16());
            if (version >= 3) wire.SkipTags();
            return api;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int16((short)ApiKey);
            wire.Int16(MinVersion);
            wire.Int16(MaxVersion);
            if (version >= 3) wire.NoTags();
        }
    }

    public readonly record struct SupportedFeature(string Name, short MinVersion, short MaxVersion) : IWireValue<SupportedFeature>
    {
        public static SupportedFeature Read(ref WireReader wire, short version)
        {
            var feature = new SupportedFeature(wire.String(flexible: true), wire.Int16(), wire.Int16());
            wire.SkipTags();
            return feature;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.Int16(MinVersion);
            wire.Int16(MaxVersion);
            wire.NoTags();
        }
    }

    public readonly record struct FinalizedFeature(string Name, short MaxVersionLevel, short MinVersionLevel)
        : IWireValue<FinalizedFeature>
    {
        public static FinalizedFeature Read(ref WireReader wire, short version)
        {
            var feature = new FinalizedFeature(wire.String(flexible: true), wire.Int16(), wire.Int16());
            wire.SkipTags();
            return feature;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.Int16(MaxVersionLevel);
            wire.Int16(MinVersionLevel);
            wire.NoTags();
        }
    }
}
