using Akka.Actor;
using Akka.Serialization;

namespace ActorBroker.Journal.Persistence;

/// <summary>Writes and reads objects with the serializers that the actor system binds to them: number, manifest, bytes.</summary>
public sealed class PayloadCodec(ExtendedActorSystem system)
{
    public void Write(BinaryWriter to, object payload)
    {
        var serializer = system.Serialization.FindSerializerFor(payload);
        // References to actors are written with this system's address.
        var bytes = Serialization.WithTransport(system, () => serializer.ToBinary(payload));
        to.Write(serializer.Identifier);
        to.Write(Serialization.ManifestFor(serializer, payload));
        to.Write(bytes.Length);
        to.Write(bytes);
    }

    public object Read(BinaryReader from)
    {
        var serializerId = from.ReadInt32();
        var manifest = from.ReadString();
        var bytes = from.ReadBytes(from.ReadInt32());
        return Serialization.WithTransport(system, () => system.Serialization.Deserialize(bytes, serializerId, manifest));
    }
}
