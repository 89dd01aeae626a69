using System.Globalization;
using System.Text;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// Place of an actor in the tree of its system. Equality is by address and names; the uid tells incarnations apart.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>, ISurrogated
{
    /// <summary>Characters allowed in names besides ASCII letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly ActorPath? _parent;
    private string? _withoutAddress;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            throw new InvalidActorNameException($"[{name}] is no name of an actor: it has a / in it.");
        _parent = parentPath;
        Address = parentPath.Address;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public Address Address { get; }
    public string Name { get; }
    public long Uid { get; }
    public int Depth { get; }
    public ActorPath Parent => _parent ?? this;
    public ActorPath Root => ParentOf(0);

    /// <summary>Names from the root down, without the root itself.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            for (var path = this; path._parent is { } parent; path = parent) names[path.Depth - 1] = path.Name;
            return names;
        }
    }

    public ActorPath ParentOf(int depth)
    {
        var path = this;
        if (depth < 0) depth = Depth + depth;
        while (path.Depth > depth && path._parent is { } parent) path = parent;
        return path;
    }

    public ActorPath WithUid(long uid) =>
        _parent is null
            ? uid == ActorCell.UndefinedUid ? this : throw new NotSupportedException("The root has no uid.")
            : uid == Uid ? this : new ChildActorPath(_parent, Name, uid);

    public ActorPath Child(string childName) => this / childName;

    public string ToStringWithoutAddress() => _withoutAddress ??= Join();
    public string ToStringWithAddress() => ToStringWithAddress(Address);

    public string ToStringWithAddress(Address address) =>
        // A path that already says where it lives keeps its own address.
        (Address.HasGlobalScope ? Address : address) + ToStringWithoutAddress();

    public string ToStringWithUid() => WithUidSuffix(ToStringWithAddress());
    public string ToSerializationFormat() => WithUidSuffix(ToStringWithAddress());
    public string ToSerializationFormatWithAddress(Address address) => WithUidSuffix(ToStringWithAddress(address));
    public override string ToString() => ToStringWithAddress();

    public ISurrogate ToSurrogate(ActorSystem system) => new Surrogate(ToSerializationFormat());

    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Depth != other.Depth || Address != other.Address) return false;
        ActorPath? a = this, b = other;
        for (; a is not null && b is not null; a = a._parent, b = b._parent)
        {
            if (ReferenceEquals(a, b)) return true;
            if (a.Name != b.Name) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => obj is ActorPath other && Equals(other);

    public override int GetHashCode()
    {
        var hash = Address.GetHashCode();
        for (var path = this; path is not null; path = path._parent)
            hash = unchecked((hash * 31) + path.Name.GetHashCode(StringComparison.Ordinal));
        return hash;
    }

    public int CompareTo(ActorPath? other)
    {
        if (other is null) return 1;
        var order = Address.CompareTo(other.Address);
        return order != 0 ? order : string.CompareOrdinal(ToStringWithoutAddress(), other.ToStringWithoutAddress());
    }

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    public static ActorPath operator /(ActorPath path, string name)
    {
        var (plain, uid) = ActorNames.SplitUid(name);
        return new ChildActorPath(path, plain, uid);
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Where(n => !string.IsNullOrEmpty(n)).Aggregate(path, (at, next) => at / next);

    public static bool IsValidPathElement(string s) => ActorNames.IsValid(s);

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    /// <exception cref="UriFormatException">Not an absolute actor path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var result) ? result : throw new UriFormatException($"[{path}] is no path of an actor.");

    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null!;
        return Address.TryParse(path, out var address, out string rest)
            && TryParse(new RootActorPath(address), rest, out actorPath);
    }

    /// <summary>Reads <paramref name="absoluteUri"/> (<c>/user/a#uid</c>) below <paramref name="basePath"/>.</summary>
    public static bool TryParse(ActorPath basePath, string absoluteUri, out ActorPath actorPath)
    {
        actorPath = basePath;
        var hash = absoluteUri.IndexOf('#');
        var uid = (long)ActorCell.UndefinedUid;
        if (hash >= 0)
        {
            var number = absoluteUri.AsSpan(hash + 1);
            if (!long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uid)) return false;
            absoluteUri = absoluteUri[..hash];
        }
        foreach (var name in absoluteUri.Split('/', StringSplitOptions.RemoveEmptyEntries))
            actorPath = new ChildActorPath(actorPath, name, ActorCell.UndefinedUid);
        if (uid == ActorCell.UndefinedUid) return true;
        if (actorPath._parent is null) return false; // The root has no incarnations.
        actorPath = actorPath.WithUid(uid);
        return true;
    }

    public static bool TryParseAddress(string path, out Address address) => Address.TryParse(path, out address);

    private string WithUidSuffix(string text) =>
        Uid == ActorCell.UndefinedUid ? text : string.Create(CultureInfo.InvariantCulture, $"{text}#{Uid}");

    private string Join()
    {
        if (Depth == 0) return "/";
        var text = new StringBuilder();
        foreach (var name in Elements) text.Append('/').Append(name);
        return text.ToString();
    }

    /// <summary>Form in which a path travels inside another message.</summary>
    public sealed class Surrogate(string path) : ISurrogate
    {
        public string Path { get; } = path;

        public ISurrogated FromSurrogate(ActorSystem system) => Parse(Path);
    }
}

/// <summary>Root of a system's tree.</summary>
public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, name);

/// <summary>Any path below the root.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid);
