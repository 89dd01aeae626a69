using System.Buffers;

namespace ActorBroker.Core.Controller;

/// <summary>Which names a topic may have: they are directories on disk and, with dots as underscores, names of metrics.</summary>
public static class TopicNames
{
    public const int MaxLength = 249;

    private static readonly SearchValues<char> Legal =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Null if the name may stand; otherwise a sentence that says why not.</summary>
    public static string? Problem(string? name) => name switch
    {
        null or "" => "A topic's name must not be empty.",
        "." or ".." => $"A topic can't be named '{name}'.",
        { Length: > MaxLength } => $"A topic's name has at most {MaxLength} characters, this one has {name.Length}.",
        _ when name.AsSpan().ContainsAnyExcept(Legal) =>
            $"The topic name '{name}' has characters other than letters, digits, '.', '_' and '-'.",
        _ => null,
    };

    /// <summary>Two names collide when they differ in '.' and '_' only: their metrics would have one name.</summary>
    public static bool Collide(string a, string b)
    {
        if (a.Length != b.Length) return false;
        for (var i = 0; i < a.Length; i++)
            if (a[i] != b[i] && !(a[i] is '.' or '_' && b[i] is '.' or '_')) return false;
        return true;
    }
}
