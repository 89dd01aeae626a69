using System.Collections.Immutable;

namespace ActorBroker.Core.Configs;

/// <summary>Where a config's value comes from; the numbers are those of Kafka's protocol.</summary>
public enum ConfigSource : sbyte
{
    Unknown = 0,
    DynamicTopic = 1,
    DynamicBroker = 2,
    DynamicDefaultBroker = 3,
    StaticBroker = 4,
    Default = 5,
}

/// <summary>A value as it stands in one source, under the key that it has there.</summary>
public sealed record ConfigValue(string Key, string Value, ConfigSource Source);

/// <summary>A config as DescribeConfigs shows it.</summary>
/// <param name="Value">Null where no source has one, and for secrets.</param>
/// <param name="Synonyms">All values that could count, the strongest, which does, first.</param>
public sealed record ConfigEntry(
    ConfigKey Key, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, ImmutableArray<ConfigValue> Synonyms, string Doc);
