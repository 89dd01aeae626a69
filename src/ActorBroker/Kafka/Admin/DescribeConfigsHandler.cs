using ActorBroker.Core.Configs;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>DescribeConfigs: what each key is, where its value comes from and what else could count.</summary>
internal sealed class DescribeConfigsHandler(MetadataCache metadata, BrokerOptions options)
    : ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    protected override ValueTask<DescribeConfigsResponse> HandleAsync(DescribeConfigsRequest request, RequestContext context)
    {
        var image = metadata.Current;
        return new(
            new DescribeConfigsResponse(Array.ConvertAll(request.Resources, resource => Describe(resource, request, image))));
    }

    private DescribeConfigsResponse.Result Describe(
        DescribeConfigsRequest.Resource asked, DescribeConfigsRequest request, MetadataImage image)
    {
        var resource = new ConfigResource(asked.ResourceType, asked.ResourceName);
        var verdict = Check(resource, image);
        var keys = asked.ConfigurationKeys is { Length: > 0 } names ? names.ToHashSet(StringComparer.Ordinal) : null;
        return new DescribeConfigsResponse.Result
        {
            ErrorCode = verdict.Error,
            ErrorMessage = verdict.Message,
            ResourceType = asked.ResourceType,
            ResourceName = asked.ResourceName,
            Configs = verdict.IsOk
                ? [.. Entries(resource, image).Where(e => keys is null || keys.Contains(e.Key.Name))
                    .Select(e => ToResponse(e, request))]
                : [],
        };
    }

    /// <summary>A broker knows only itself what it was started with.</summary>
    private Verdict Check(ConfigResource resource, MetadataImage image)
    {
        var verdict = ConfigRules.CheckResource(image, resource);
        return verdict.IsOk && resource.Type == ConfigResourceType.Broker && resource != ConfigResource.AllBrokers
            && resource != ConfigResource.Broker(options.Id)
            ? new Verdict(
                ErrorCode.InvalidRequest, $"This is broker {options.Id}; ask broker {resource.Name} for its own configs.")
            : verdict;
    }

    private IEnumerable<ConfigEntry> Entries(ConfigResource resource, MetadataImage image)
    {
        if (resource.Type == ConfigResourceType.Topic)
        {
            var overrides = image.ConfigsOf(resource);
            return TopicConfigs.All.Select(
                key => ConfigLayers.DescribeTopic(key, overrides, image, options.Id, options.Settings));
        }
        var entries = BrokerConfigs.All.Select(key => ConfigLayers.DescribeBroker(key, image, options.Id, options.Settings));
        // Of all brokers there are the dynamic defaults only.
        return resource == ConfigResource.AllBrokers
            ? entries.Where(e => image.ConfigsOf(resource).ContainsKey(e.Key.Name))
            : entries;
    }

    private static DescribeConfigsResponse.Config ToResponse(ConfigEntry entry, DescribeConfigsRequest request) => new()
    {
        Name = entry.Key.Name,
        Value = entry.Value,
        ReadOnly = entry.IsReadOnly,
        ConfigSource = entry.Source,
        IsSensitive = entry.IsSensitive,
        Synonyms = request.IncludeSynonyms
            ? [.. entry.Synonyms.Select(s => new DescribeConfigsResponse.Synonym(s.Key, s.Value, s.Source))]
            : [],
        ConfigType = entry.Key.Type,
        Documentation = request.IncludeDocumentation ? entry.Doc : null,
    };
}
