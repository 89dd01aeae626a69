using System.Collections.Immutable;
using ActorBroker.Core.Configs;

namespace ActorBroker.Hosting.Options;

/// <summary>hocon/reference.conf, which stands in the assembly: the defaults of all keys.</summary>
internal static class Reference
{
    private static readonly Lazy<ConfigDocument> Parsed = new(() => ConfigDocument.Hocon(Text, "reference.conf"));

    public static string Text
    {
        get
        {
            using var stream = typeof(Reference).Assembly.GetManifestResourceStream("reference.conf")
                ?? throw new InvalidOperationException("The assembly lacks its reference.conf.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    public static ConfigDocument Document => Parsed.Value;

    public static BrokerSettings Settings => new(
        ImmutableDictionary<string, string>.Empty,
        Document.Values.Where(v => v.Value is not null).ToImmutableDictionary(v => v.Key, v => v.Value!, StringComparer.Ordinal),
        ReferenceDocs.Of);
}
