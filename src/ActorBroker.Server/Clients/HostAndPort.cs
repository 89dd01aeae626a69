using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorBroker.Server.Clients;

/// <summary>Where a broker listens. Text form HOST:PORT, an IPv6 address in brackets.</summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    public const int DefaultPort = 9092;

    /// <summary>Parses one address; without a port it is Kafka's 9092.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out HostAndPort address)
    {
        address = default;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text)) return false;
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal); // As in advertised.listeners and our own ready line.
        if (schemeEnd >= 0) text = text[(schemeEnd + 3)..];
        var bracket = text.LastIndexOf(']');
        var colon = text.LastIndexOf(':');
        var port = DefaultPort;
        var host = text;
        if (colon > bracket)
        {
            if (
                !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    || port is < 0 or > 65535)
                return false;
            host = text[..colon];
        }
        host = host.Trim('[', ']');
        if (host.Length == 0 || host.Any(c => char.IsWhiteSpace(c) || c is ',' or '/')) return false;
        address = new(host, port);
        return true;
    }

    /// <summary>Parses a list with commas, as <c>--bootstrap-server</c> takes it.</summary>
    public static bool TryParseList(string? text, out IReadOnlyList<HostAndPort> addresses)
    {
        var list = new List<HostAndPort>();
        addresses = list;
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TryParse(part, out var address)) return false;
            list.Add(address);
        }
        return list.Count > 0;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
