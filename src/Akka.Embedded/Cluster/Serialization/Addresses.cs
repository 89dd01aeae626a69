using Akka.Actor;
using Akka.Cluster.Serialization.Wire;

namespace Akka.Cluster.Serialization;

/// <summary>Addresses and nodes on the wire.</summary>
internal static class Addresses
{
    public static AddressData ToData(Address address) => new()
    {
        System = address.System,
        Hostname = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
        Protocol = address.Protocol,
    };

    public static NodeData ToData(UniqueAddress node) => new() { Address = ToData(node.Address), Uid = node.Uid };

    /// <exception cref="ArgumentException">Nobody can be there.</exception>
    public static Address ToAddress(AddressData? data) =>
        data is { System.Length: > 0, Hostname.Length: > 0, Protocol.Length: > 0, Port: > 0 and <= 65535 }
            ? new Address(data.Protocol, data.System, data.Hostname, (int)data.Port)
            : throw new ArgumentException($"[{data}] is no address.", nameof(data));

    /// <exception cref="ArgumentException">Nobody can be there.</exception>
    public static UniqueAddress ToNode(NodeData? data) => data is null
        ? throw new ArgumentException("A node is missing.", nameof(data)) : new UniqueAddress(ToAddress(data.Address), data.Uid);
}
