using System.Collections.Immutable;
using ActorBroker.Core.Configs;

namespace ActorBroker.Hosting.Options;

/// <summary>One socket to listen on.</summary>
/// <param name="Host">Name or address; empty: all interfaces.</param>
/// <param name="Port">0: any free port.</param>
/// <param name="Advertised">What clients are told; null: where the listener is.</param>
public sealed record ListenerOptions(string Name, string Host, int Port, (string Host, int Port)? Advertised)
{
    /// <summary>Does it listen on all interfaces? Then its own host says nothing to a client.</summary>
    public bool IsWildcard => Host is "" or "0.0.0.0" or "::" or "[::]";

    /// <param name="problem">Told the key, and what is wrong with its value.</param>
    internal static ImmutableArray<ListenerOptions> From(BrokerSettings settings, Action<string, string> problem)
    {
        var notOurs = ConfigRule.Elements(settings["controller.listener.names"] ?? "");
        var protocols = Protocols(settings, problem);
        var advertised = Parse("advertised.listeners", settings, problem, minPort: 1)
            .ToDictionary(a => a.Name, StringComparer.OrdinalIgnoreCase);
        var listeners = ImmutableArray.CreateBuilder<ListenerOptions>();
        foreach (var (name, host, port) in Parse("listeners", settings, problem, minPort: 0))
        {
            if (notOurs.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (protocols.GetValueOrDefault(name, name).ToUpperInvariant() is not "PLAINTEXT" and var protocol)
                problem(
                    "listeners",
                    $"'{name}' speaks {protocol}: allowed is PLAINTEXT, or what listener.security.protocol.map maps to it.");
            if (listeners.Any(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                problem("listeners", $"'{name}' is there twice: each listener needs a name of its own.");
            (string, int)? told = advertised.Remove(name, out var a) ? (a.Host, a.Port) : null;
            if (told is ("" or "0.0.0.0" or "::", _))
                problem("advertised.listeners", $"'{name}' has no host that a client could connect to.");
            listeners.Add(new ListenerOptions(name, host, port, told));
        }
        foreach (var name in advertised.Keys)
            if (!notOurs.Contains(name, StringComparer.OrdinalIgnoreCase))
                problem("advertised.listeners", $"'{name}' is no name of a listener in listeners.");
        if (listeners.Count == 0) problem("listeners", "at least one listener is needed, such as PLAINTEXT://127.0.0.1:9092.");
        return listeners.DrainToImmutable();
    }

    private static Dictionary<string, string> Protocols(BrokerSettings settings, Action<string, string> problem)
    {
        var protocols = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in ConfigRule.Elements(settings["listener.security.protocol.map"] ?? ""))
        {
            if (pair.Split(':') is [var name, var protocol]) protocols[name.Trim()] = protocol.Trim();
            else problem("listener.security.protocol.map", $"'{pair}' is not NAME:PROTOCOL.");
        }
        return protocols;
    }

    private static List<(string Name, string Host, int Port)> Parse(
        string key, BrokerSettings settings, Action<string, string> problem, int minPort)
    {
        var found = new List<(string, string, int)>();
        foreach (var text in ConfigRule.Elements(settings[key] ?? ""))
        {
            var name = text.IndexOf("://", StringComparison.Ordinal);
            var colon = text.LastIndexOf(':');
            if (name > 0 && colon > name + 2 && int.TryParse(text.AsSpan(colon + 1), out var port) && port >= minPort
                && port <= ushort.MaxValue)
                found.Add((text[..name], text[(name + 3)..colon].Trim('[', ']'), port));
            else
                problem(key, $"'{text}' is not NAME://HOST:PORT with a port of {minPort} to {ushort.MaxValue}.");
        }
        return found;
    }
}
