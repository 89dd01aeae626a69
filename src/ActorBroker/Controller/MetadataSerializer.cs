using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol.Kafka;
using Akka.Actor;
using Akka.Serialization;

namespace ActorBroker.Controller;

/// <summary>Writes what the controller persists: events and snapshots. Bound to their types in reference.conf.</summary>
internal sealed class MetadataSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Snapshot = "snapshot";

    /// <summary>Stands in the journal beside each event: it never changes.</summary>
    public override int Identifier => 9201;

    public override string Manifest(object o) => o is MetadataEvent change ? MetadataEventCodec.KindOf(change) : Snapshot;

    public override byte[] ToBinary(object obj)
    {
        using var wire = new WireWriter();
        switch (obj)
        {
            case MetadataEvent change: MetadataEventCodec.Write(wire, change); break;
            case ClusterSnapshot snapshot: snapshot.Write(wire); break;
            default: throw new ArgumentException($"{obj.GetType()} is nothing that the controller persists.", nameof(obj));
        }
        return wire.WrittenSpan.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var wire = new WireReader(bytes.AsSpan());
        return manifest == Snapshot ? ClusterSnapshot.Read(ref wire) : MetadataEventCodec.Read(manifest, ref wire);
    }
}
