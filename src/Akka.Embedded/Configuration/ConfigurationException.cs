using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration can't be parsed, or a value in it can't be what it has to be. The message names key, line and (where
/// known) file.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message) : base(message)
    {
    }

    public ConfigurationException(string message, Exception? exception) : base(message, exception)
    {
    }

    /// <summary>For a type that was given no configuration to read its settings from.</summary>
    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null) => new(
        $"{typeof(T).FullName} needs a configuration{(path is null ? "" : $" at '{path}'")}, but there is none");
}
