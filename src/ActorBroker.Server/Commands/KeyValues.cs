namespace ActorBroker.Server.Commands;

/// <summary>Values of repeatable flags such as <c>--config key=value</c>.</summary>
internal static class KeyValues
{
    /// <exception cref="UsageException">One has no <c>=</c>.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Parse(string flag, IEnumerable<string>? values)
    {
        foreach (var value in values ?? [])
        {
            var at = value.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new UsageException($"{flag}: '{value}' is not KEY=VALUE");
            yield return new(value[..at].Trim(), value[(at + 1)..]);
        }
    }
}
