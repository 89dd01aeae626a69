using ActorBroker.Core.Quorum;
using ActorBroker.Protocol.Kafka;
using Akka.Actor;
using Akka.Serialization;

namespace ActorBroker.Controller.Quorum;

/// <summary>Writes what proposers and voters of the controller's journal tell each other. Bound to their types in
/// reference.conf.</summary>
internal sealed class QuorumSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Request = "request:";
    private const string Answer = "answer:";

    public override int Identifier => 9203;

    public override string Manifest(object o) => o switch
    {
        QuorumRequest request => Request + QuorumCodec.KindOf(request),
        QuorumAnswer answer => Answer + QuorumCodec.KindOf(answer),
        _ => throw new ArgumentException($"{o.GetType()} is nothing that a voter hears or says.", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        using var wire = new WireWriter();
        switch (obj)
        {
            case QuorumRequest request: QuorumCodec.Write(wire, request); break;
            case QuorumAnswer answer: QuorumCodec.Write(wire, answer); break;
            default: throw new ArgumentException($"{obj.GetType()} is nothing that a voter hears or says.", nameof(obj));
        }
        return wire.WrittenSpan.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var wire = new WireReader(bytes.AsSpan());
        if (manifest.StartsWith(Request, StringComparison.Ordinal))
            return QuorumCodec.ReadRequest(manifest[Request.Length..], ref wire);
        if (manifest.StartsWith(Answer, StringComparison.Ordinal))
            return QuorumCodec.ReadAnswer(manifest[Answer.Length..], ref wire);
        throw new WireException($"{manifest} is newer than this broker.");
    }
}
