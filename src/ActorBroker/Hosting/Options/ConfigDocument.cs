using Akka.Configuration;
using Hocon;

namespace ActorBroker.Hosting.Options;

/// <summary>One value as somebody gave it.</summary>
/// <param name="Value">Null where it was set to null: the default counts.</param>
/// <param name="Where">File and, where it is known, line; or the option of the command line.</param>
internal readonly record struct GivenValue(string Key, string? Value, string Where);

/// <summary>A configuration file: the broker's own keys, flat, and the whole, from which Akka takes its part.</summary>
internal sealed record ConfigDocument(IReadOnlyList<GivenValue> Values, Config Akka, IReadOnlyList<string> Problems)
{
    public const string Root = "actorbroker";

    /// <summary>What may stand beside it: settings of the actor system.</summary>
    private static readonly string[] AkkaRoots = ["akka", "partition-dispatcher", "log-dispatcher"];

    /// <summary>Reads HOCON or a server.properties, whichever it is.</summary>
    /// <exception cref="BrokerConfigException">The file can't be read, or not as what it is.</exception>
    public static ConfigDocument Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerConfigException([$"{file}: {e.Message}"]);
        }
        return IsProperties(file, text) ? Properties(text, file) : Hocon(text, file);
    }

    /// <summary>Keys of the actor system may stand among Kafka's, with values in HOCON: <c>akka.actor.provider=cluster</c>.</summary>
    public static ConfigDocument Properties(string text, string file)
    {
        var (values, akka, problems) = (new List<GivenValue>(), Config.Empty, new List<string>());
        foreach (var line in PropertiesFile.Parse(text))
        {
            if (!AkkaRoots.Any(root => line.Key.StartsWith(root + ".", StringComparison.Ordinal)))
            {
                values.Add(new GivenValue(line.Key, line.Value, $"{file}:{line.Line}"));
                continue;
            }
            try
            {
                akka = ConfigurationFactory.ParseString($"{line.Key} = {line.Value}").WithFallback(akka);
            }
            catch (Exception e) // Each runtime's parser has exceptions of its own.
            {
                problems.Add($"{file}:{line.Line}: {line.Key} = '{line.Value}': {e.Message}");
            }
        }
        return new ConfigDocument(values, akka, problems);
    }

    /// <summary>Read by the parser that knows all of HOCON; the one of Akka.NET itself has no optional substitutions.</summary>
    /// <exception cref="BrokerConfigException">The text is no HOCON; says where.</exception>
    public static ConfigDocument Hocon(string text, string file)
    {
        var values = new List<GivenValue>();
        var problems = new List<string>();
        var akka = new AkkaSection();
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
            var root = HoconParser.Parse(text, (_, name) => File.ReadAllTextAsync(Path.Combine(folder, name)));
            foreach (var (key, field) in root.AsEnumerable())
            {
                if (key == Root) Flatten("", field.Value, (k, v) => values.Add(new GivenValue(k, v, Where(file, text, k))));
                else if (AkkaRoots.Contains(key, StringComparer.Ordinal)) akka.Add(key, field.Value);
                else Flatten(key, field.Value, (k, _) => problems.Add(Stray(k)));
            }
            return new ConfigDocument(values, akka.ToConfig(), problems);
        }
        catch (Exception e) // Each runtime's parser has exceptions of its own.
        {
            throw new BrokerConfigException([$"{file}: {e.Message}"]);
        }

        string Stray(string key) =>
            $"{Where(file, text, key)}: the key {key} stands outside of {Root}; "
            + $"write {Root}.{key}, or akka for settings of the actor system.";
    }

    private static bool IsProperties(string file, string text) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".properties" => true,
        ".conf" or ".hocon" or ".json" => false,
        // Kafka's keys stand at the root there, while HOCON's stand under a name of ours.
        _ => !PropertiesFile.Parse(text).Exists(p =>
            p.Key is "{" or "include" || p.Key.StartsWith('"')
            || p.Key.StartsWith(Root, StringComparison.Ordinal) || p.Key.StartsWith("akka", StringComparison.Ordinal)),
    };

    private static void Flatten(string path, HoconValue value, Action<string, string?> found)
    {
        if (value.Type == HoconType.Object)
        {
            foreach (var (key, field) in value.GetObject()) Flatten(path.Length == 0 ? key : $"{path}.{key}", field.Value, found);
            return;
        }
        found(
            path,
            value.Type == HoconType.Array ? string.Join(",", value.GetArray().Select(v => v.GetString())) : value.GetString());
    }

    /// <summary>The parser forgets lines. The one that starts with most of the key, if there is only one, is it.</summary>
    private static string Where(string file, string text, string key)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var rest = $"{Root}.{key}";
        while (rest.Length > 0)
        {
            var starts = Enumerable.Range(0, lines.Length).Where(i => Starts(lines[i].TrimStart(' ', '\t', '"', '{', ','), rest))
                .Take(2).ToArray();
            if (starts.Length == 1) return $"{file}:{starts[0] + 1}";
            rest = rest.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? rest[(dot + 1)..] : "";
        }
        return file;
    }

    private static bool Starts(string line, string key) =>
        line.StartsWith(key, StringComparison.Ordinal)
            && (line.Length == key.Length || line[key.Length] is ' ' or '\t' or '=' or ':' or '"' or '+' or '{');
}
