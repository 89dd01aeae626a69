using System.Collections.Immutable;
using ActorBroker.Core.Configs;
using Akka.Configuration;

namespace ActorBroker.Hosting.Options;

/// <summary>Puts a configuration together and collects all that is wrong with it, so that it can be mended in one go.</summary>
internal sealed class OptionsLoader
{
    private const string CommandLine = "--set";

    private readonly Dictionary<string, GivenValue> _given = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private Config _akka = Config.Empty;

    public BrokerOptions Load(string? file, IEnumerable<KeyValuePair<string, string?>> keys)
    {
        if (file is not null) Take(ConfigDocument.Read(file));
        foreach (var (key, value) in keys)
        {
            if (key.StartsWith("akka.", StringComparison.Ordinal)) _akka = Parse(key, value).WithFallback(_akka);
            else Take(new GivenValue(key, value, CommandLine));
        }
        StopIfWrong(); // Before values that don't have their type are read.

        var given = _given.Values.Where(v => v.Value is not null)
            .ToImmutableDictionary(v => v.Key, v => v.Value!, StringComparer.Ordinal);
        var settings = Reference.Settings with { Given = given };
        var options = BrokerOptions.From(settings, _akka.WithFallback(Reference.Document.Akka), [.. _warnings], Problem);
        StopIfWrong();
        return options;
    }

    private void Take(ConfigDocument document)
    {
        _problems.AddRange(document.Problems);
        _akka = document.Akka;
        foreach (var value in document.Values) Take(value);
    }

    private void Take(GivenValue given)
    {
        var name = given.Key.StartsWith(ConfigDocument.Root + ".", StringComparison.Ordinal)
            ? given.Key[(ConfigDocument.Root.Length + 1)..]
            : given.Key;
        if (name == "node.id") name = "broker.id"; // Kafka's name for it since it has no ZooKeeper.
        if (!BrokerConfigs.ByName.TryGetValue(name, out var key))
        {
            if (ForeignKeys.WhyIgnored(name) is { } why) _warnings.Add($"{given.Where}: {name} has no effect: {why}.");
            else if (ForeignKeys.WhyRefused(name) is { } what)
                _problems.Add(
                    $"{given.Where}: {name} asks for {what}, which ActorBroker does not have yet. "
                    + "Remove it only if you can do without.");
            else _problems.Add($"{given.Where}: unknown key {name} (value '{given.Value}'). {Similar(name)}");
            return;
        }
        if (given.Value is { } value && key.Problem(value) is { } problem)
        {
            _problems.Add($"{given.Where}: {problem}");
            return;
        }
        _given[name] = given with { Key = name, Value = given.Value?.Trim() };
    }

    private void Problem(string key, string what) =>
        _problems.Add(
            _given.TryGetValue(key, out var given) ? $"{given.Where}: {key} = '{given.Value}': {what}" : $"{key}: {what}");

    private void StopIfWrong()
    {
        if (_problems.Count > 0) throw new BrokerConfigException(_problems);
    }

    private static Config Parse(string key, string? value)
    {
        try
        {
            return ConfigurationFactory.ParseString($"{key} = {value ?? "null"}");
        }
        catch (Exception e)
        {
            throw new BrokerConfigException([$"{CommandLine} {key}={value}: {e.Message}"]);
        }
    }

    /// <summary>Names the keys that may have been meant.</summary>
    private static string Similar(string name)
    {
        var near = BrokerConfigs.All.Select(k => (k.Name, Distance: EditDistance(k.Name, name)))
            .Where(k => k.Distance <= Math.Max(2, name.Length / 4))
            .OrderBy(k => k.Distance).Take(3).Select(k => k.Name).ToArray();
        return near.Length > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "Allowed are the keys of reference.conf.";
    }

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (
                    row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
