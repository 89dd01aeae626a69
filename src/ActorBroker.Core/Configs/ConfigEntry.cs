using System.Collections.Immutable;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Configs;

/// <summary>A value as it stands in one source, under the key that it has there.</summary>
public sealed record ConfigValue(string Key, string Value, ConfigSource Source);

/// <summary>A config as DescribeConfigs shows it.</summary>
/// <param name="Value">Null where no source has one, and for secrets.</param>
/// <param name="Synonyms">All values that could count, the strongest, which does, first.</param>
public sealed record ConfigEntry(
    ConfigKey Key, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, ImmutableArray<ConfigValue> Synonyms,
    string Doc);
