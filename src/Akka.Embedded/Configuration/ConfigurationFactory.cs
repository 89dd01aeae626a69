using System.Collections.Concurrent;
using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>The ways to come by a <see cref="Config"/>.</summary>
public class ConfigurationFactory
{
    private static readonly Lazy<Config> Defaults = new(() =>
        FromResource("Akka.Configuration.akka.conf", typeof(Config).Assembly));

    // A program has a handful, and each of its systems asks for most of them.
    private static readonly ConcurrentDictionary<(Assembly, string), Config> Resources = new();

    public static Config Empty => Config.Empty;

    /// <exception cref="ConfigurationException">Not HOCON; the message says in which line and why.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <param name="includeCallback">Gives the parsed text of what an include names.</param>
    /// <exception cref="ConfigurationException">Not HOCON; the message says in which line and why.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot>? includeCallback) =>
        string.IsNullOrWhiteSpace(hocon) ? Empty : new Config(Parser.Parse(hocon, includeCallback));

    /// <summary>The application's configuration file. Nothing is read behind the program's back, so this is empty.</summary>
    public static Config Load() => Empty;

    /// <summary>The runtime's own defaults, which stand behind every configuration of an actor system.</summary>
    public static Config Default() => Defaults.Value;

    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    public static Config FromResource(string resourceName, object instanceInAssembly) =>
        FromResource(resourceName,
            instanceInAssembly as Assembly ?? (instanceInAssembly as Type ?? instanceInAssembly.GetType()).Assembly);

    public static Config FromResource(string resourceName, Assembly assembly) =>
        Resources.GetOrAdd((assembly, resourceName), static key => Read(key.Item2, key.Item1));

    private static Config Read(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"{assembly.GetName().Name} has no resource '{resourceName}'");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}
