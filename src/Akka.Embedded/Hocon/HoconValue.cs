using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Hocon.Syntax;

namespace Hocon;

public enum HoconType
{
    Empty = 0,
    Array = 1,
    Object = 2,
    Number = 3,
    Boolean = 4,
    String = 5,
}

/// <summary>A value of a parsed document, which can be read as what the program needs it to be.</summary>
public class HoconValue
{
    internal HoconValue(Node node) => Node = node;

    internal Node Node { get; }

    public virtual HoconType Type => Node switch
    {
        Map => HoconType.Object,
        Sequence => HoconType.Array,
        Scalar { Quoted: true } or Scalar { IsNull: true } => HoconType.String,
        Scalar { Text: "true" or "false" or "on" or "off" or "yes" or "no" } => HoconType.Boolean,
        Scalar { Text: var text } when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) =>
            HoconType.Number,
        _ => HoconType.String,
    };

    public virtual string Raw => ToString();

    /// <summary>This value as the only field of a new document.</summary>
    public HoconRoot AtKey(string key) =>
        new(new HoconValue(new Map(new OrderedDictionary<string, Node> { [key] = Node }, Node.Origin)));

    public virtual string? GetString() => Read(Scalars.Text);

    public bool GetBoolean() => Read(Scalars.Boolean);

    public byte GetByte() => Read(Scalars.Byte);

    public int GetInt() => Read(Scalars.Int);

    public long GetLong() => Read(Scalars.Long);

    public float GetFloat() => Read(Scalars.Float);

    public double GetDouble() => Read(Scalars.Double);

    public decimal GetDecimal() => Read(Scalars.Decimal);

    public long? GetByteSize() => Read(Scalars.ByteSize);

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => Read(n => Scalars.TimeSpan(n, allowInfinite));

    public IList<string> GetStringList() => Read(n => Scalars.List(n, i => Scalars.Text(i)!));

    public IList<bool> GetBooleanList() => Read(n => Scalars.List(n, Scalars.Boolean));

    public IList<byte> GetByteList() => Read(n => Scalars.List(n, Scalars.Byte));

    public IList<int> GetIntList() => Read(n => Scalars.List(n, Scalars.Int));

    public IList<long> GetLongList() => Read(n => Scalars.List(n, Scalars.Long));

    public IList<float> GetFloatList() => Read(n => Scalars.List(n, Scalars.Float));

    public IList<double> GetDoubleList() => Read(n => Scalars.List(n, Scalars.Double));

    public IList<decimal> GetDecimalList() => Read(n => Scalars.List(n, Scalars.Decimal));

    public IList<HoconObject> GetObjectList() => Read(n => Scalars.List(n, i => new HoconObject(Scalars.Object(i))));

    public virtual IList<HoconValue> GetArray() => Read(n => Scalars.List(n, i => new HoconValue(i)));

    public virtual HoconObject GetObject() => Read(n => new HoconObject(Scalars.Object(n)));

    public bool TryGetBoolean(out bool result) => TryRead(Scalars.Boolean, out result);

    public bool TryGetInt(out int result) => TryRead(Scalars.Int, out result);

    public bool TryGetLong(out long result) => TryRead(Scalars.Long, out result);

    public bool TryGetDouble(out double result) => TryRead(Scalars.Double, out result);

    public bool TryGetByteSize(out long? result) => TryRead(n => Scalars.ByteSize(n), out result);

    public bool TryGetTimeSpan(out TimeSpan result, bool allowInfinite = true) =>
        TryRead(n => Scalars.TimeSpan(n, allowInfinite), out result);

    public virtual bool TryGetString(out string? result) => TryRead(Scalars.Text, out result);

    public virtual bool TryGetObject([NotNullWhen(true)] out HoconObject? result) =>
        TryRead(n => new HoconObject(Scalars.Object(n)), out result);

    public override string ToString() => Node.ToString();

    public virtual string ToString(int indent, int indentSize) => Renderer.Render(Node, indent, indentSize);

    /// <summary>Values are equal when their texts, items and fields are, in whatever order the fields stand.</summary>
    public override bool Equals(object? obj) => obj is HoconValue other && NodeEquality.Equal(Node, other.Node);

    public override int GetHashCode() => NodeEquality.Hash(Node);

    public static bool operator ==(HoconValue? left, HoconValue? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(HoconValue? left, HoconValue? right) => !(left == right);

    private T Read<T>(Func<Node, T> read)
    {
        try
        {
            return read(Node);
        }
        catch (FormatException e)
        {
            throw new HoconException($"{Node.Origin}: {e.Message}", e);
        }
    }

    private bool TryRead<T>(Func<Node, T> read, [MaybeNullWhen(false)] out T result)
    {
        try
        {
            result = read(Node);
            return true;
        }
        catch (FormatException)
        {
            result = default;
            return false;
        }
    }
}
