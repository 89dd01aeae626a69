using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor system can be reached: <c>protocol://system@host:port</c>, or <c>akka://system</c> locally.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ICloneable, ISurrogated
{
    public static readonly IComparer<Address> Comparer = Comparer<Address>.Create(static (a, b) => a.CompareTo(b));

    private string? _text;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
    }

    public string Protocol { get; }
    public string System { get; }
    public string? Host { get; }
    public int? Port { get; }
    public bool HasLocalScope => string.IsNullOrEmpty(Host);
    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);
    public Address WithSystem(string system) => new(Protocol, system, Host, Port);
    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);
    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    /// <summary>The part after the protocol: <c>system@host:port</c>.</summary>
    public string HostPort() => ToString()[(Protocol.Length + 3)..];

    public override string ToString() => _text ??= HasGlobalScope
        ? Port is int port ? $"{Protocol}://{System}@{Host}:{port.ToString(CultureInfo.InvariantCulture)}"
            : $"{Protocol}://{System}@{Host}"
        : $"{Protocol}://{System}";

    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port && Host == other.Host && System == other.System
            && Protocol == other.Protocol);

    public override bool Equals(object? obj) => obj is Address other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public int CompareTo(Address? other)
    {
        if (other is null) return 1;
        var order = string.CompareOrdinal(Protocol, other.Protocol);
        if (order == 0) order = string.CompareOrdinal(System, other.System);
        if (order == 0) order = string.CompareOrdinal(Host ?? "", other.Host ?? "");
        return order != 0 ? order : (Port ?? 0).CompareTo(other.Port ?? 0);
    }

    int IComparable.CompareTo(object? obj) => obj is Address other
        ? CompareTo(other)
        : throw new ArgumentException($"Cannot compare {nameof(Address)} with {obj?.GetType()}.", nameof(obj));

    public object Clone() => new Address(Protocol, System, Host, Port);
    public ISurrogate ToSurrogate(ActorSystem system) =>
        new AddressSurrogate { Protocol = Protocol, System = System, Host = Host, Port = Port };

    /// <exception cref="UriFormatException">Not an address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var result) ? result : throw new UriFormatException($"[{address}] is not an Akka address.");

    public static bool TryParse(string path, out Address address) => TryParse(path, out address, out string _);

    /// <summary>Reads the address before the path; <paramref name="absolutUri"/> is the path with its leading slash.</summary>
    public static bool TryParse(string path, out Address address, out string absolutUri)
    {
        address = null!;
        absolutUri = "/";
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0) return false;
        var start = scheme + 3;
        var slash = path.IndexOf('/', start);
        var authority = slash < 0 ? path[start..] : path[start..slash];
        if (slash >= 0) absolutUri = path[slash..];
        if (authority.Length == 0) return false;

        var at = authority.IndexOf('@');
        if (at < 0)
        {
            address = new Address(path[..scheme], authority);
            return true;
        }

        var hostPort = authority[(at + 1)..];
        var hostEnd = hostPort.StartsWith('[') ? hostPort.IndexOf(']') + 1 : hostPort.LastIndexOf(':') is var colon and >= 0
            ? colon : hostPort.Length;
        if (at == 0 || hostEnd <= 0) return false;
        int? port = null;
        if (hostEnd < hostPort.Length)
        {
            if (hostPort[hostEnd] != ':') return false;
            var digits = hostPort.AsSpan(hostEnd + 1);
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
            port = number;
        }
        address = new Address(path[..scheme], authority[..at], hostPort[..hostEnd], port);
        return true;
    }

    public static bool operator ==(Address? left, Address? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(Address? left, Address? right) => !(left == right);

    /// <summary>Form in which an address travels inside another message.</summary>
    public sealed class AddressSurrogate : ISurrogate
    {
        public string Protocol { get; set; } = "";
        public string System { get; set; } = "";
        public string? Host { get; set; }
        public int? Port { get; set; }

        public ISurrogated FromSurrogate(ActorSystem system) => new Address(Protocol, System, Host, Port);
    }
}
