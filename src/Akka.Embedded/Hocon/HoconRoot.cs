using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Hocon.Syntax;

namespace Hocon;

/// <summary>
/// A parsed document and the way to its values. A getter without a default throws <see cref="HoconValueException"/> when the
/// value is
/// missing or of another kind; a getter with a default returns the default then.
/// </summary>
public class HoconRoot : IEquatable<HoconRoot>
{
    public HoconRoot(HoconValue value) => Value = value;

    public virtual HoconValue Value { get; protected set; }

    public virtual bool HasPath(string path) => TryGetValue(path, out _);

    public virtual bool HasPath(HoconPath path) => TryGetValue(path, out _);

    public virtual bool TryGetValue(string path, [NotNullWhen(true)] out HoconValue? result)
    {
        result = null;
        return HoconPath.TryParse(path, out var names) && TryGetValue(names!, out result);
    }

    public virtual bool TryGetValue(HoconPath path, [NotNullWhen(true)] out HoconValue? result)
    {
        var node = path.IsEmpty ? Value.Node : (Value.Node as Map)?.Find(CollectionsMarshal.AsSpan(path));
        result = node is null ? null : new HoconValue(node);
        return result is not null;
    }

    public virtual IEnumerable<KeyValuePair<string, HoconField>> AsEnumerable() => Value.GetObject();

    public virtual string? GetString(string path) => Get(path, Scalars.Text);

    public virtual string? GetString(string path, string? @default) => Get(path, Scalars.Text, @default);

    public virtual bool GetBoolean(string path) => Get(path, Scalars.Boolean);

    public virtual bool GetBoolean(string path, bool @default) => Get(path, Scalars.Boolean, @default);

    public virtual byte GetByte(string path) => Get(path, Scalars.Byte);

    public virtual byte GetByte(string path, byte @default) => Get(path, Scalars.Byte, @default);

    public virtual int GetInt(string path) => Get(path, Scalars.Int);

    public virtual int GetInt(string path, int @default) => Get(path, Scalars.Int, @default);

    public virtual long GetLong(string path) => Get(path, Scalars.Long);

    public virtual long GetLong(string path, long @default) => Get(path, Scalars.Long, @default);

    public virtual float GetFloat(string path) => Get(path, Scalars.Float);

    public virtual float GetFloat(string path, float @default) => Get(path, Scalars.Float, @default);

    public virtual double GetDouble(string path) => Get(path, Scalars.Double);

    public virtual double GetDouble(string path, double @default) => Get(path, Scalars.Double, @default);

    public virtual decimal GetDecimal(string path) => Get(path, Scalars.Decimal);

    public virtual decimal GetDecimal(string path, decimal @default) => Get(path, Scalars.Decimal, @default);

    public virtual long? GetByteSize(string path) => Get<long?>(path, n => Scalars.ByteSize(n));

    public virtual long? GetByteSize(string path, long? @default) => Get(path, n => Scalars.ByteSize(n), @default);

    public virtual TimeSpan GetTimeSpan(string path, bool allowInfinite = true) =>
        Get(path, n => Scalars.TimeSpan(n, allowInfinite));

    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default, bool allowInfinite = true) =>
        Get(path, n => Scalars.TimeSpan(n, allowInfinite), @default ?? TimeSpan.Zero);

    public virtual HoconObject GetObject(string path) => Get(path, n => new HoconObject(Scalars.Object(n)));

    public virtual HoconObject? GetObject(string path, HoconObject? @default) =>
        Get(path, n => new HoconObject(Scalars.Object(n)), @default);

    public virtual IList<string> GetStringList(string path) => GetList(path, n => Scalars.Text(n)!);

    public virtual IList<string>? GetStringList(string path, IList<string>? @default) =>
        GetList(path, n => Scalars.Text(n)!, @default);

    public virtual IList<bool> GetBooleanList(string path) => GetList(path, Scalars.Boolean);

    public virtual IList<bool>? GetBooleanList(string path, IList<bool>? @default) => GetList(path, Scalars.Boolean, @default);

    public virtual IList<byte> GetByteList(string path) => GetList(path, Scalars.Byte);

    public virtual IList<byte>? GetByteList(string path, IList<byte>? @default) => GetList(path, Scalars.Byte, @default);

    public virtual IList<int> GetIntList(string path) => GetList(path, Scalars.Int);

    public virtual IList<int>? GetIntList(string path, IList<int>? @default) => GetList(path, Scalars.Int, @default);

    public virtual IList<long> GetLongList(string path) => GetList(path, Scalars.Long);

    public virtual IList<long>? GetLongList(string path, IList<long>? @default) => GetList(path, Scalars.Long, @default);

    public virtual IList<float> GetFloatList(string path) => GetList(path, Scalars.Float);

    public virtual IList<float>? GetFloatList(string path, IList<float>? @default) => GetList(path, Scalars.Float, @default);

    public virtual IList<double> GetDoubleList(string path) => GetList(path, Scalars.Double);

    public virtual IList<double>? GetDoubleList(string path, IList<double>? @default) => GetList(path, Scalars.Double, @default);

    public virtual IList<decimal> GetDecimalList(string path) => GetList(path, Scalars.Decimal);

    public virtual IList<decimal>? GetDecimalList(string path, IList<decimal>? @default) =>
        GetList(path, Scalars.Decimal, @default);

    public virtual IList<HoconObject> GetObjectList(string path) => GetList(path, n => new HoconObject(Scalars.Object(n)));

    public virtual IList<HoconObject>? GetObjectList(string path, IList<HoconObject>? @default) =>
        GetList(path, n => new HoconObject(Scalars.Object(n)), @default);

    public override string ToString() => Value.ToString();

    /// <summary>The document as HOCON that parses to an equal one.</summary>
    public string PrettyPrint(int indentSize) => Value.ToString(0, indentSize);

    public bool Equals(HoconRoot? other) => other is not null && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as HoconRoot);

    public override int GetHashCode() => Value.GetHashCode();

    private IList<T> GetList<T>(string path, Func<Node, T> read) => Get(path, n => Scalars.List(n, read));

    private IList<T>? GetList<T>(string path, Func<Node, T> read, IList<T>? @default) =>
        Get(path, n => Scalars.List(n, read), @default);

    private T Get<T>(string path, Func<Node, T> read)
    {
        try
        {
            return TryGetValue(HoconPath.Parse(path), out var value)
                ? read(value.Node)
                : throw new HoconValueException($"{path} is not set", path, null);
        }
        catch (Exception e) when (e is FormatException or HoconParserException)
        {
            throw new HoconValueException($"{path}{At(path)}: {e.Message}", path, e);
        }
    }

    private T Get<T>(string path, Func<Node, T> read, T @default)
    {
        try
        {
            return TryGetValue(path, out var value) ? read(value.Node) : @default;
        }
        catch (FormatException)
        {
            return @default;
        }
    }

    private string At(string path) => TryGetValue(path, out var value) ? $" ({value.Node.Origin})" : "";
}
