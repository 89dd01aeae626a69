using System.Globalization;

namespace Akka.Actor;

/// <summary>Rules for the names of actors and for the uids behind them.</summary>
internal static class ActorNames
{
    private const string Base64 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    /// <summary>A user's name: not empty, not starting with $ (kept for generated names), only URI-safe characters.</summary>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || name[0] == '$') return false;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetterOrDigit(c) || ActorPath.ValidSymbols.Contains(c)) continue;
            if (c == '%' && i + 2 < name.Length && char.IsAsciiHexDigit(name[i + 1]) && char.IsAsciiHexDigit(name[i + 2]))
            { i += 2; continue; }
            return false;
        }
        return true;
    }

    public static string Check(string? name) => name switch
    {
        null => throw new InvalidActorNameException("A name of an actor must not be null."),
        "" => throw new InvalidActorNameException("A name of an actor must not be empty."),
        _ when IsValid(name) => name,
        _ => throw new InvalidActorNameException(
            $"[{name}] is no name of an actor: it may have ASCII letters, digits, %-escapes and {ActorPath.ValidSymbols}, "
            + "and must not begin with $."),
    };

    /// <summary>Generated names: $ and the number in a base of 64, lowest digit first.</summary>
    public static string Generated(long number, string prefix = "$")
    {
        var text = prefix;
        do
        {
            text += Base64[(int)(number & 63)];
            number >>>= 6;
        } while (number != 0);
        return text;
    }

    /// <summary>Name and incarnation; what stands behind a # and is no number belongs to the name, which then is nobody's.
    /// </summary>
    public static (string Name, int Uid) SplitUid(string name)
    {
        var hash = name.IndexOf('#');
        return hash >= 0
            && int.TryParse(name.AsSpan(hash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid)
                ? (name[..hash], uid) : (name, ActorCell.UndefinedUid);
    }

    /// <summary>Uids only have to differ between incarnations at one path; 0 means "any".</summary>
    public static int NewUid(Random random) => random.Next(1, int.MaxValue);
}
