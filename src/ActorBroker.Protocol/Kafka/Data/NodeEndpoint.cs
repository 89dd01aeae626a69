namespace ActorBroker.Protocol.Kafka;

/// <summary>Address of a broker that a <see cref="LeaderIdAndEpoch"/> of the same response names (KIP-951).</summary>
public readonly record struct NodeEndpoint(BrokerId NodeId, string Host, int Port, string? Rack) : IWireValue<NodeEndpoint>
{
    public static NodeEndpoint Read(ref WireReader wire, short version)
    {
        var endpoint = new NodeEndpoint(
            NodeId: wire.BrokerId(),
            Host: wire.String(flexible: true),
            Port: wire.Int32(),
            Rack: wire.NullableString(flexible: true));
        wire.SkipTags();
        return endpoint;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.BrokerId(NodeId);
        wire.String(Host, flexible: true);
        wire.Int32(Port);
        wire.NullableString(Rack, flexible: true);
        wire.NoTags();
    }

    /// <summary>The tagged fields at the end of a Produce or Fetch response: none, or the endpoints as number 0.</summary>
    internal static void WriteTags(WireWriter wire, ReadOnlySpan<NodeEndpoint> endpoints, short version)
    {
        wire.TagCount(endpoints.IsEmpty ? 0 : 1);
        if (endpoints.IsEmpty) return;
        var tag = wire.BeginTag(0);
        wire.ArrayLength(endpoints.Length, flexible: true);
        foreach (var endpoint in endpoints) endpoint.Write(wire, version);
        wire.EndTag(tag);
    }
}
