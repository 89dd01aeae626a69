using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Configs;

/// <summary>
/// Which value of a config counts, as Kafka ranks them: the topic's own, this broker's dynamic one, the dynamic default of
/// all brokers, what the broker was started with, the default.
/// </summary>
public static class ConfigLayers
{
    /// <summary>All values of a broker's config, the strongest first.</summary>
    public static ImmutableArray<ConfigValue> OfBroker(string key, MetadataImage image, BrokerId broker, BrokerSettings settings)
    {
        var values = ImmutableArray.CreateBuilder<ConfigValue>();
        if (image.ConfigsOf(ConfigResource.Broker(broker)).TryGetValue(key, out var own))
            values.Add(new(key, own, ConfigSource.DynamicBrokerConfig));
        if (image.ConfigsOf(ConfigResource.AllBrokers).TryGetValue(key, out var all))
            values.Add(new(key, all, ConfigSource.DynamicDefaultBrokerConfig));
        if (settings.Given.TryGetValue(key, out var given)) values.Add(new(key, given, ConfigSource.StaticBrokerConfig));
        if (settings.Defaults.TryGetValue(key, out var value)) values.Add(new(key, value, ConfigSource.DefaultConfig));
        return values.DrainToImmutable();
    }

    /// <summary>All values of a topic's config, the strongest first, each in the unit of the key it has in its source.</summary>
    public static ImmutableArray<ConfigValue> OfTopic(
        TopicConfigKey key, ImmutableSortedDictionary<string, string> overrides, MetadataImage image, BrokerId broker,
        BrokerSettings settings)
    {
        var values = ImmutableArray.CreateBuilder<ConfigValue>();
        if (overrides.TryGetValue(key.Name, out var own)) values.Add(new(key.Name, own, ConfigSource.TopicConfig));
        foreach (var synonym in key.Synonyms) values.AddRange(OfBroker(synonym.BrokerKey, image, broker, settings));
        return values.DrainToImmutable();
    }

    /// <summary>A value of one of the key's synonyms in the topic's unit.</summary>
    public static string InTopicUnit(TopicConfigKey key, ConfigValue value)
    {
        foreach (var synonym in key.Synonyms)
            if (synonym.Factor != 1 && synonym.BrokerKey == value.Key
                && long.Parse(value.Value, CultureInfo.InvariantCulture) is var number and >= 0)
                return (number * synonym.Factor).ToString(CultureInfo.InvariantCulture);
        return value.Value; // Also -1, which means no limit in every unit.
    }

    /// <param name="overrides">What is set on the topic itself.</param>
    public static ConfigEntry DescribeTopic(
        TopicConfigKey key, ImmutableSortedDictionary<string, string> overrides, MetadataImage image, BrokerId broker,
        BrokerSettings settings)
    {
        var values = OfTopic(key, overrides, image, broker, settings);
        var first = values.IsEmpty ? null : values[0];
        // What the broker was started with is a default to the topic, but says where it stands.
        return new ConfigEntry(
            key.Key, first is null ? null : InTopicUnit(key, first), first?.Source ?? ConfigSource.DefaultConfig,
            IsReadOnly: false, IsSensitive: false, values, key.Doc);
    }

    public static ConfigEntry DescribeBroker(ConfigKey key, MetadataImage image, BrokerId broker, BrokerSettings settings)
    {
        var values = OfBroker(key.Name, image, broker, settings);
        var secret = key.Type == ConfigType.Password;
        var first = values.IsEmpty ? null : values[0];
        return new ConfigEntry(
            key, secret ? null : first?.Value, first?.Source ?? ConfigSource.DefaultConfig,
            IsReadOnly: !key.IsDynamic, secret, secret ? [] : values, settings.Doc(key.Name));
    }
}
