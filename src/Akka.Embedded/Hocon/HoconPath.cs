using Hocon.Syntax;

namespace Hocon;

/// <summary>The names that lead from the root to a value.</summary>
public sealed class HoconPath : List<string>, IEquatable<HoconPath>
{
    public static readonly HoconPath Empty = new([]);

    public HoconPath(IEnumerable<string> path) : base(path)
    {
    }

    public bool IsEmpty => Count == 0;

    /// <summary>The last name.</summary>
    public string? Key => Count > 0 ? this[^1] : null;

    /// <summary>The path as it is written, with quotes where a name needs them.</summary>
    public string Value => KeyPath.Render(this);

    /// <exception cref="HoconParserException">Not a path.</exception>
    public static HoconPath Parse(string path) => new(KeyPath.Parse(path));

    public static bool TryParse(string path, out HoconPath? result)
    {
        try
        {
            result = Parse(path);
            return true;
        }
        catch (HoconParserException)
        {
            result = null;
            return false;
        }
    }

    public HoconPath SubPath(int length) => new(GetRange(0, length));

    public HoconPath SubPath(int index, int count) => new(GetRange(index, count));

    public bool Equals(HoconPath? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as HoconPath);

    public override int GetHashCode() => this.Aggregate(0, HashCode.Combine);

    public override string ToString() => Value;

    public static bool operator ==(HoconPath? left, HoconPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(HoconPath? left, HoconPath? right) => !(left == right);
}
