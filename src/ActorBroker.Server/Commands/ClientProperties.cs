using System.Globalization;

namespace ActorBroker.Server.Commands;

/// <summary>Settings by the names of Kafka's clients: <c>group.id</c>, <c>acks</c>, <c>auto.offset.reset</c> and so on.</summary>
internal sealed class ClientProperties
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>
    /// Reads a properties file: <c>key=value</c> lines; those that start with <c>#</c> or <c>!</c> are comments.
    /// </summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static ClientProperties ReadFile(string file)
    {
        try
        {
            var properties = new ClientProperties();
            var lines = File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or '!'));
            properties.Add(KeyValues.Parse(file, lines));
            return properties;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }

    public void Add(IEnumerable<KeyValuePair<string, string>> values)
    {
        foreach (var (key, value) in values) _values[key] = value;
    }

    public string? Text(string key) => _values.GetValueOrDefault(key);

    /// <exception cref="UsageException">Neither true nor false.</exception>
    public bool? Flag(string key) => Parse<bool>(key, "true or false", bool.TryParse);

    /// <exception cref="UsageException">Not a number.</exception>
    public int? Number(string key) => Parse<int>(key, "a number",
        (string? text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    public TimeSpan? Milliseconds(string key) => Number(key) is { } number
        ? TimeSpan.FromMilliseconds(number >= 0 ? number : throw new UsageException($"{key}={number} is below 0"))
        : null;

    private delegate bool TryParse<T>(string? text, out T value);

    private T? Parse<T>(string key, string kind, TryParse<T> parse)
        where T : struct
    {
        if (!_values.TryGetValue(key, out var text)) return null;
        return parse(text.Trim(), out var value) ? value : throw new UsageException($"{key}={text} is not {kind}");
    }
}
