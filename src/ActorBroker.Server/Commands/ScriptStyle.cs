namespace ActorBroker.Server.Commands;

/// <summary>Lets command lines of Kafka's scripts pass: there the verb is a flag, <c>topics --create --topic t</c>.</summary>
internal static class ScriptStyle
{
    private static readonly Dictionary<string, string[]> Verbs = new()
    {
        ["topics"] = ["create", "list", "describe", "alter", "delete"],
        ["groups"] = ["list", "describe", "reset-offsets", "delete"],
    };

    /// <summary>Turns the verb's flag into the verb, where the command has none yet.</summary>
    public static string[] Normalize(string[] args)
    {
        if (args.Length < 2 || !Verbs.TryGetValue(args[0], out var verbs) || !args[1].StartsWith('-')) return args;
        var at = Array.FindIndex(args, 1, a => a.StartsWith("--", StringComparison.Ordinal) && verbs.Contains(a[2..]));
        return at < 0 ? args : [args[0], args[at][2..], .. args[1..at], .. args[(at + 1)..]];
    }
}
