using System.Globalization;

namespace Akka.Util;

/// <summary>A version that orders as versions do: numbers by value, and <c>1.2-RC1</c> before <c>1.2</c>.</summary>
/// <remarks>Numbers separated by dots, then optionally a hyphen, plus or letters and the rest. Missing numbers count as 0.</remarks>
public class AppVersion : IComparable<AppVersion>, IEquatable<AppVersion>
{
    public static readonly AppVersion Zero = new("0.0.0", [0, 0, 0], "");

    private readonly int[] _numbers;
    private readonly string _rest;

    private AppVersion(string version, int[] numbers, string rest)
    {
        Version = version;
        _numbers = numbers;
        _rest = rest;
    }

    public string Version { get; }

    /// <exception cref="ArgumentException">Empty.</exception>
    public static AppVersion Create(string version)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(version);
        var text = version.Trim();
        var numbers = new List<int>();
        var at = 0;
        while (at < text.Length)
        {
            var end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (!int.TryParse(text.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) break;
            numbers.Add(number);
            at = end;
            if (at == text.Length || text[at] != '.') break;
            at++;
        }
        return new AppVersion(text, [.. numbers], text[at..].TrimStart('-'));
    }

    public int CompareTo(AppVersion? other)
    {
        if (other is null) return 1;
        for (var i = 0; i < Math.Max(_numbers.Length, other._numbers.Length); i++)
        {
            var order = _numbers.ElementAtOrDefault(i).CompareTo(other._numbers.ElementAtOrDefault(i));
            if (order != 0) return order;
        }
        if (_rest.Length == 0 || other._rest.Length == 0) return other._rest.Length.CompareTo(_rest.Length);
        return string.CompareOrdinal(_rest, other._rest);
    }

    public bool Equals(AppVersion? other) => CompareTo(other) == 0;
    public override bool Equals(object? obj) => obj is AppVersion other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_rest);
        foreach (var number in _numbers.AsSpan().TrimEnd(0)) hash.Add(number);
        return hash.ToHashCode();
    }

    public override string ToString() => Version;

    public static bool operator ==(AppVersion? first, AppVersion? second) =>
        first is null ? second is null : first.Equals(second);
    public static bool operator !=(AppVersion? first, AppVersion? second) => !(first == second);
}
