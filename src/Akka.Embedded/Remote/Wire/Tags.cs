namespace Akka.Remote.Wire;

/// <summary>Field numbers with their wire types, of <c>RemoteWireFormat.proto</c>.</summary>
internal static class Tags
{
    public const uint ProtocolPayload = (1 << 3) | Bytes;
    public const uint ProtocolInstruction = (2 << 3) | Bytes;
    public const uint ContainerAck = (1 << 3) | Bytes;
    public const uint ContainerEnvelope = (2 << 3) | Bytes;
    public const uint EnvelopeRecipient = (1 << 3) | Bytes;
    public const uint EnvelopeMessage = (2 << 3) | Bytes;
    public const uint EnvelopeSender = (4 << 3) | Bytes;
    public const uint EnvelopeSeq = (5 << 3) | Fixed64;
    public const uint ActorRefPath = (1 << 3) | Bytes;
    public const uint PayloadMessage = (1 << 3) | Bytes;
    public const uint PayloadSerializer = (2 << 3) | Number;
    public const uint PayloadManifest = (3 << 3) | Bytes;
    public const uint AckCumulative = (1 << 3) | Fixed64;
    public const uint AckNacksPacked = (2 << 3) | Bytes;
    public const uint AckNack = (2 << 3) | Fixed64;

    private const uint Number = 0;
    private const uint Fixed64 = 1;
    private const uint Bytes = 2;
}
