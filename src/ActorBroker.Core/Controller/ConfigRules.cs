using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller;

/// <summary>Which configs may be changed at run time, and to what.</summary>
public static class ConfigRules
{
    internal static Decision Change(MetadataImage image, ClusterCommand.ChangeConfigs command, ControllerPolicy policy)
    {
        var events = ImmutableArray.CreateBuilder<MetadataEvent>();
        var results = ImmutableArray.CreateBuilder<ConfigResult>(command.Resources.Length);
        foreach (var resource in command.Resources)
        {
            var verdict = ChangeOne(image, resource, policy, out var changes);
            results.Add(new ConfigResult(resource.Resource, verdict));
            if (!verdict.IsOk || changes.Count == 0) continue;
            var change = new MetadataEvent.ConfigChanged(resource.Resource, changes);
            image = image.Apply(change);
            events.Add(change);
        }
        return new Decision(
            command.ValidateOnly ? [] : events.DrainToImmutable(),
            new ClusterCommand.ChangeConfigs.Answer(results.DrainToImmutable()));
    }

    /// <summary>The configs that a topic is created with; a key without a value keeps its default.</summary>
    internal static Verdict ForNewTopic(
        ImmutableArray<KeyValuePair<string, string?>> given, out ImmutableSortedDictionary<string, string?> configs)
    {
        configs = ImmutableSortedDictionary<string, string?>.Empty;
        foreach (var (name, value) in given)
        {
            if (!TopicConfigs.ByName.TryGetValue(name, out var key)) return UnknownTopicKey(name);
            if (value is null)
                return new Verdict(
                    ErrorCode.InvalidConfig, $"The config {name} was given without a value: allowed is {key.Key.Allowed}.");
            if (key.Key.Problem(value) is { } problem) return new Verdict(ErrorCode.InvalidConfig, problem);
            configs = configs.SetItem(name, value.Trim());
        }
        return Verdict.Ok;
    }

    private static Verdict ChangeOne(
        MetadataImage image, ConfigChange change, ControllerPolicy policy, out ImmutableSortedDictionary<string, string?> changes)
    {
        changes = ImmutableSortedDictionary<string, string?>.Empty;
        var verdict = CheckResource(image, change.Resource);
        if (!verdict.IsOk) return verdict;

        var current = image.ConfigsOf(change.Resource);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var edit in change.Edits)
        {
            if (!seen.Add(edit.Key))
                return new Verdict(ErrorCode.InvalidRequest, $"The request names the config {edit.Key} more than once.");
            verdict = FindKey(change.Resource, edit.Key, out var key);
            if (!verdict.IsOk) return verdict;
            // A list is edited from what it is now, which is its default as long as nobody has set it.
            verdict = Edit(
                current.GetValueOrDefault(edit.Key) ?? Default(image, change.Resource, edit.Key, policy), key!, edit,
                out var value);
            if (!verdict.IsOk) return verdict;
            if (value != current.GetValueOrDefault(edit.Key)) changes = changes.SetItem(edit.Key, value);
        }
        if (!change.Replace) return Verdict.Ok;
        foreach (var name in current.Keys)
            if (!seen.Contains(name)) changes = changes.SetItem(name, null);
        return Verdict.Ok;
    }

    private static Verdict Edit(string? current, ConfigKey key, ConfigEdit edit, out string? value)
    {
        value = null;
        if (edit.Operation == ConfigOperation.Delete) return Verdict.Ok;
        if (edit.Value is null)
            return new Verdict(
                ErrorCode.InvalidRequest, $"The config {key.Name} was given without a value: allowed is {key.Allowed}.");
        if (edit.Operation is ConfigOperation.Append or ConfigOperation.Subtract && key.Type != ConfigType.List)
            return new Verdict(ErrorCode.InvalidConfig, $"{key.Name} is no list; it can be set and deleted only.");

        var elements = ConfigRule.Elements(current ?? "");
        var given = ConfigRule.Elements(edit.Value);
        switch (edit.Operation)
        {
            case ConfigOperation.Set:
                value = edit.Value.Trim();
                break;
            case ConfigOperation.Append:
                value = string.Join(',', elements.Union(given, StringComparer.Ordinal));
                break;
            case ConfigOperation.Subtract:
                value = string.Join(',', elements.Except(given, StringComparer.Ordinal));
                break;
            default:
                return new Verdict(
                    ErrorCode.InvalidRequest, $"Unknown operation {(sbyte)edit.Operation} for the config {key.Name}.");
        }
        return key.Problem(value) is { } problem ? new Verdict(ErrorCode.InvalidConfig, problem) : Verdict.Ok;
    }

    private static string? Default(MetadataImage image, ConfigResource resource, string key, ControllerPolicy policy)
    {
        var values = resource.Type == ConfigResourceType.Topic
            ? ConfigLayers.OfTopic(TopicConfigs.ByName[key], image.ConfigsOf(resource), image, BrokerId.None, policy.Settings)
            : ConfigLayers.OfBroker(key, image, BrokerId.None, policy.Settings);
        return values.IsEmpty ? null : values[0].Value;
    }

    private static Verdict FindKey(ConfigResource resource, string name, out ConfigKey? key)
    {
        key = null;
        if (resource.Type == ConfigResourceType.Topic)
        {
            if (!TopicConfigs.ByName.TryGetValue(name, out var topicKey)) return UnknownTopicKey(name);
            key = topicKey.Key;
            return Verdict.Ok;
        }
        if (!BrokerConfigs.ByName.TryGetValue(name, out key))
            return new Verdict(ErrorCode.InvalidConfig, $"Unknown broker config '{name}'.");
        return key.IsDynamic
            ? Verdict.Ok
            : new Verdict(
                ErrorCode.InvalidConfig,
                $"The broker config {name} can't be changed while the broker runs; set it in its configuration file.");
    }

    private static Verdict UnknownTopicKey(string name) =>
        new(
            ErrorCode.InvalidConfig,
            $"Unknown topic config '{name}'; known are {string.Join(", ", TopicConfigs.All.Select(k => k.Name))}.");

    /// <summary>Whether there is such a topic or broker.</summary>
    public static Verdict CheckResource(MetadataImage image, ConfigResource resource) => resource.Type switch
    {
        ConfigResourceType.Topic when TopicNames.Problem(resource.Name) is { } problem =>
            new Verdict(ErrorCode.InvalidTopicException, problem),
        ConfigResourceType.Topic when image.Topic(resource.Name) is null =>
            new Verdict(ErrorCode.UnknownTopicOrPartition, $"There is no topic '{resource.Name}'."),
        ConfigResourceType.Topic => Verdict.Ok,
        ConfigResourceType.Broker when resource == ConfigResource.AllBrokers => Verdict.Ok,
        ConfigResourceType.Broker when !int.TryParse(resource.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !image.Brokers.ContainsKey(new BrokerId(id)) =>
            new Verdict(
                ErrorCode.InvalidRequest,
                $"There is no broker '{resource.Name}'; there are {string.Join(", ", image.Brokers.Keys)}."),
        ConfigResourceType.Broker => Verdict.Ok,
        _ =>
            new Verdict(
                ErrorCode.InvalidRequest,
                $"Configs belong to topics (2) and brokers (4), not to resources of type {(sbyte)resource.Type}."),
    };
}
