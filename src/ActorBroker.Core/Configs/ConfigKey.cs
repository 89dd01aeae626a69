using System.Globalization;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Configs;

/// <summary>A config's name, type and what it may be. Its default is not here: defaults stand in hocon/reference.conf
/// only.</summary>
/// <param name="IsDynamic">A broker's config that may be changed while it runs.</param>
public sealed record ConfigKey(string Name, ConfigType Type, ConfigRule Rule, bool IsDynamic = false)
{
    /// <summary>What a value must be, for people: "a long, at least -1".</summary>
    public string Allowed => (Type switch
    {
        ConfigType.Boolean => "true or false",
        ConfigType.Int => "a whole number of 32 bits",
        ConfigType.Short => "a whole number of 16 bits",
        ConfigType.Long => "a whole number of 64 bits",
        ConfigType.Double => "a number",
        ConfigType.List => "a list separated by commas",
        _ => "text",
    }) + (Rule.Describe.Length == 0 ? "" : ", " + Rule.Describe);

    /// <summary>Null if the value may stand; otherwise a sentence that names key, value and what is allowed.</summary>
    public string? Problem(string value)
    {
        var text = value.Trim();
        var typed = Type switch
        {
            ConfigType.Boolean => text is "true" or "false",
            ConfigType.Int => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ConfigType.Short => short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ConfigType.Long => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ConfigType.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        return typed && Rule.Allows(text) ? null : $"Invalid value '{value}' for {Name}: allowed is {Allowed}.";
    }
}
