using Hocon.Syntax;

namespace Akka.Configuration.Hocon;

/// <summary>A value of a parsed document, which can be read as what the program needs it to be.</summary>
public class HoconValue
{
    internal HoconValue(Node node) => Node = node;

    internal Node Node { get; }

    public bool IsEmpty => Node is Map { Count: 0 };

    public bool IsString() => Node is Scalar;

    public bool IsArray() => Node is Sequence;

    public bool IsObject() => Node is Map;

    /// <summary>null for anything but text, and for <c>null</c>.</summary>
    public string? GetString() => Node is Scalar ? Scalars.Text(Node) : null;

    public bool GetBoolean() => Read(Scalars.Boolean);

    public byte GetByte() => Read(Scalars.Byte);

    public int GetInt() => Read(Scalars.Int);

    public long GetLong() => Read(Scalars.Long);

    public float GetFloat() => Read(Scalars.Float);

    public double GetDouble() => Read(Scalars.Double);

    public decimal GetDecimal() => Read(Scalars.Decimal);

    public long? GetByteSize() => Read(Scalars.ByteSize);

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => Read(n => Scalars.TimeSpan(n, allowInfinite));

    public IList<HoconValue> GetArray() => Read(n => Scalars.List(n, i => new HoconValue(i)));

    public IList<string> GetStringList() => Read(n => Scalars.List(n, i => Scalars.Text(i)!));

    public IList<bool> GetBooleanList() => Read(n => Scalars.List(n, Scalars.Boolean));

    public IList<byte> GetByteList() => Read(n => Scalars.List(n, Scalars.Byte));

    public IList<int> GetIntList() => Read(n => Scalars.List(n, Scalars.Int));

    public IList<long> GetLongList() => Read(n => Scalars.List(n, Scalars.Long));

    public IList<float> GetFloatList() => Read(n => Scalars.List(n, Scalars.Float));

    public IList<double> GetDoubleList() => Read(n => Scalars.List(n, Scalars.Double));

    public IList<decimal> GetDecimalList() => Read(n => Scalars.List(n, Scalars.Decimal));

    /// <summary>null for anything but an object.</summary>
    public HoconObject? GetObject() => Node is Map map ? new HoconObject(map) : null;

    public HoconValue? GetChildObject(string key) => Node is Map map && map[key] is { } child ? new HoconValue(child) : null;

    /// <summary>This value as the only field of a new configuration.</summary>
    public Config AtKey(string key) => new(new Map(new OrderedDictionary<string, Node> { [key] = Node }, Node.Origin), null);

    public Config ToConfig() => new(new HoconRoot(this));

    public override string ToString() => Node.ToString();

    public virtual string ToString(int indent) => Renderer.Render(Node, indent, 2);

    private T Read<T>(Func<Node, T> read)
    {
        try
        {
            return read(Node);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{Node.Origin}: {e.Message}", e);
        }
    }
}
