using System.Diagnostics.CodeAnalysis;
using Akka.Configuration.Hocon;
using Hocon;
using Hocon.Syntax;
using HoconRoot = Akka.Configuration.Hocon.HoconRoot;
using HoconValue = Akka.Configuration.Hocon.HoconValue;

namespace Akka.Configuration;

/// <summary>
/// A parsed document with the documents that stand behind it: what the first doesn't have is taken from the next, objects on both
/// sides are merged. Never changes, so it can be shared.
/// </summary>
/// <remarks>A value that is missing or null gives the getter's default; a value of the wrong kind is an error that names
/// it.</remarks>
public class Config
{
    public static readonly Config Empty = new();

    private readonly Map _own;
    private readonly Lazy<Map> _merged;

    public Config() : this(Map.Empty, null)
    {
    }

    public Config(HoconRoot root) : this(OwnObject(root.Value.Node), null)
    {
    }

    public Config(Config source, Config? fallback) : this(source._own, fallback)
    {
    }

    internal Config(Map own, Config? fallback)
    {
        _own = own;
        Fallback = fallback;
        _merged = new Lazy<Map>(() => Fallback is null ? _own : _own.WithFallback(Fallback._merged.Value));
    }

    public Config? Fallback { get; }

    /// <summary>The first document alone, without its fallbacks.</summary>
    public virtual HoconValue Root => new(_own);

    /// <summary>Is nothing set here, fallbacks included?</summary>
    public virtual bool IsEmpty => Merged.Count == 0;

    internal Map Merged => _merged.Value;

    /// <summary>This configuration, and behind it and its fallbacks <paramref name="fallback"/>.</summary>
    /// <exception cref="ArgumentException">The fallback is this configuration itself.</exception>
    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
            throw new ArgumentException("A configuration can't be its own fallback.", nameof(fallback));
        return fallback is null ? this : Copy(fallback);
    }

    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The object at <paramref name="path"/> as a configuration of its own, merged over all fallbacks; null where there
    /// is none.</summary>
    public virtual Config? GetConfig(string path) => Find(path) switch
    {
        null or Scalar { IsNull: true } => null,
        Map map => new Config(map, null),
        var other => throw Wrong(path, other, $"{other.Kind} is given, but an object is expected", null),
    };

    public HoconValue? GetValue(string path) => Find(path) is { } node ? new HoconValue(node) : null;

    [return: NotNullIfNotNull(nameof(@default))]
    public virtual string? GetString(string path, string? @default = null) => Get(path, @default, n => Scalars.Text(n)!);

    public virtual bool GetBoolean(string path, bool @default = false) => Get(path, @default, Scalars.Boolean);

    public virtual int GetInt(string path, int @default = 0) => Get(path, @default, Scalars.Int);

    public virtual long GetLong(string path, long @default = 0) => Get(path, @default, Scalars.Long);

    public virtual float GetFloat(string path, float @default = 0) => Get(path, @default, Scalars.Float);

    public virtual double GetDouble(string path, double @default = 0) => Get(path, @default, Scalars.Double);

    public virtual decimal GetDecimal(string path, decimal @default = 0) => Get(path, @default, Scalars.Decimal);

    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    public virtual long? GetByteSize(string path, long? def = null) => Get(path, def, n => Scalars.ByteSize(n));

    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Get(path, @default ?? TimeSpan.Zero, n => Scalars.TimeSpan(n, allowInfinite));

    /// <summary>An empty list where nothing is set.</summary>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    public virtual IList<string> GetStringList(string path, string[] defaultPaths) =>
        Get(path, defaultPaths, n => Scalars.List(n, i => Scalars.Text(i)!));

    public virtual IList<bool> GetBooleanList(string path) => GetList(path, Scalars.Boolean);

    public virtual IList<byte> GetByteList(string path) => GetList(path, Scalars.Byte);

    public virtual IList<int> GetIntList(string path) => GetList(path, Scalars.Int);

    public virtual IList<long> GetLongList(string path) => GetList(path, Scalars.Long);

    public virtual IList<float> GetFloatList(string path) => GetList(path, Scalars.Float);

    public virtual IList<double> GetDoubleList(string path) => GetList(path, Scalars.Double);

    public virtual IList<decimal> GetDecimalList(string path) => GetList(path, Scalars.Decimal);

    /// <summary>The fields of the root, each merged over all fallbacks.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() =>
        Merged.Fields.Select(field => KeyValuePair.Create(field.Key, new HoconValue(field.Value)));

    /// <summary>The first document as HOCON.</summary>
    public override string ToString() => _own.ToString();

    public string ToString(bool includeFallback) => includeFallback ? Merged.ToString() : ToString();

    public static Config operator +(Config config, string fallback) =>
        config.WithFallback(ConfigurationFactory.ParseString(fallback));

    public static Config operator +(string configHocon, Config fallbackConfig) =>
        ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    protected Config Copy(Config? fallback = null) => new(_own, Fallback is null ? fallback : Fallback.Copy(fallback));

    private static Map OwnObject(Node root) => root switch
    {
        Map map => map,
        Scalar { IsNull: true } => Map.Empty,
        _ => throw new ConfigurationException($"{root.Origin}: {root.Kind} is given, but a configuration is an object"),
    };

    private Node? Find(string path)
    {
        try
        {
            return Merged.Find(KeyPath.Parse(path));
        }
        catch (HoconParserException e)
        {
            throw new ConfigurationException($"'{path}' is no path: {e.Message}", e);
        }
    }

    private T Get<T>(string path, T @default, Func<Node, T> read)
    {
        var node = Find(path);
        return node is null or Scalar { IsNull: true } ? @default : Read(path, node, read);
    }

    private IList<T> GetList<T>(string path, Func<Node, T> read) => Find(path) is { } node
        ? Read(path, node, n => Scalars.List(n, read))
        : throw new ConfigurationException($"{path} is not set, but a list is needed");

    private static T Read<T>(string path, Node node, Func<Node, T> read)
    {
        try
        {
            return read(node);
        }
        catch (FormatException e)
        {
            throw Wrong(path, node, e.Message, e);
        }
    }

    private static ConfigurationException Wrong(string path, Node node, string message, Exception? cause) =>
        new($"{path} ({node.Origin}): {message}", cause);
}
