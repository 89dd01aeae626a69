using System.Collections.Immutable;
using System.Globalization;

namespace ActorBroker.Core.Configs;

/// <summary>
/// The configs that a broker started with: what its operator gave, over the defaults of reference.conf. Every value has
/// passed its key's check; a key without a value (null in reference.conf) is in neither.
/// </summary>
/// <param name="Doc">Documentation of a key, for those who describe configs.</param>
public sealed record BrokerSettings(
    ImmutableDictionary<string, string> Given, ImmutableDictionary<string, string> Defaults, Func<string, string> Doc)
{
    public string? this[string key] => Given.TryGetValue(key, out var value) ? value : Defaults.GetValueOrDefault(key);

    public string Text(string key) =>
        this[key] ?? throw new KeyNotFoundException($"The config {key} has no value and no default.");

    public int Int(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);

    public long Long(string key) => long.Parse(Text(key), CultureInfo.InvariantCulture);

    public bool Bool(string key) => Text(key) == "true";

    /// <summary>A time in the unit that the key's last word names: ms, minutes or hours.</summary>
    public TimeSpan Time(string key) => key[(key.LastIndexOf('.') + 1)..] switch
    {
        "ms" => TimeSpan.FromMilliseconds(Long(key)),
        "minutes" => TimeSpan.FromMinutes(Long(key)),
        "hours" => TimeSpan.FromHours(Long(key)),
        _ => throw new ArgumentException($"{key} does not end with a unit of time.", nameof(key)),
    };
}
