using System.Buffers.Binary;

namespace Akka.Remote.Wire;

/// <summary>Writes the frame of one envelope so that the payload is its end: a large one needs no copy behind the rest.</summary>
/// <remarks>Protobuf leaves the order of fields to the writer.</remarks>
internal readonly ref struct EnvelopeWriter
{
    public const int LengthBytes = sizeof(int);

    private readonly ReadOnlySpan<byte> _recipient;
    private readonly ReadOnlySpan<byte> _sender;
    private readonly ReadOnlySpan<byte> _manifest;
    private readonly ulong _seq;
    private readonly int _serializerId;
    private readonly int _payloadLength;
    private readonly long _messageLength;
    private readonly long _envelopeLength;

    /// <param name="sender">Empty: no sender.</param>
    public EnvelopeWriter(ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender, int serializerId,
        ReadOnlySpan<byte> manifest, int payloadLength, ulong seq)
    {
        _recipient = recipient;
        _sender = sender;
        _manifest = manifest;
        _seq = seq;
        _serializerId = serializerId;
        _payloadLength = payloadLength;
        _messageLength = (serializerId == 0 ? 0 : 1 + Varint.Length((ulong)(long)serializerId))
            + (manifest.IsEmpty ? 0 : Field(manifest.Length)) + (payloadLength == 0 ? 0 : Field(payloadLength));
        _envelopeLength = RefField(recipient) + (sender.IsEmpty ? 0 : RefField(sender)) + 1 + sizeof(ulong)
            + Field(_messageLength);
        PduLength = Field(_envelopeLength);
        FrameLength = LengthBytes + Field(PduLength);
    }

    /// <summary>Length of the container that the frame wraps: what Akka.NET's sender checks.</summary>
    public long PduLength { get; }

    /// <summary>Length of the whole frame, with the bytes of its length: what a receiver checks.</summary>
    public long FrameLength { get; }

    /// <summary>Where the sequence number stands in the frame.</summary>
    public int SeqOffset => HeaderLength - (int)(Field(_messageLength) - _payloadLength) - sizeof(ulong);

    public int HeaderLength => (int)(FrameLength - _payloadLength);

    /// <summary>Writes all but the payload, which is to follow.</summary>
    public void WriteHeader(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, (int)(FrameLength - LengthBytes));
        var at = LengthBytes;
        Start(to, ref at, Tags.ProtocolPayload, PduLength);
        Start(to, ref at, Tags.ContainerEnvelope, _envelopeLength);
        WriteRef(to, ref at, Tags.EnvelopeRecipient, _recipient);
        if (!_sender.IsEmpty) WriteRef(to, ref at, Tags.EnvelopeSender, _sender);
        to[at++] = (byte)Tags.EnvelopeSeq;
        BinaryPrimitives.WriteUInt64LittleEndian(to[at..], _seq);
        at += sizeof(ulong);
        Start(to, ref at, Tags.EnvelopeMessage, _messageLength);
        if (_serializerId != 0)
        {
            to[at++] = (byte)Tags.PayloadSerializer;
            at += Varint.Write(to[at..], (ulong)(long)_serializerId);
        }
        if (!_manifest.IsEmpty) WriteBytes(to, ref at, Tags.PayloadManifest, _manifest);
        if (_payloadLength != 0) Start(to, ref at, Tags.PayloadMessage, _payloadLength);
    }

    private static long Field(long length) => 1 + Varint.Length((ulong)length) + length;
    private static long RefField(ReadOnlySpan<byte> path) => Field(Field(path.Length));

    private static void WriteRef(Span<byte> to, ref int at, uint tag, ReadOnlySpan<byte> path)
    {
        Start(to, ref at, tag, Field(path.Length));
        WriteBytes(to, ref at, Tags.ActorRefPath, path);
    }

    private static void WriteBytes(Span<byte> to, ref int at, uint tag, ReadOnlySpan<byte> bytes)
    {
        Start(to, ref at, tag, bytes.Length);
        bytes.CopyTo(to[at..]);
        at += bytes.Length;
    }

    private static void Start(Span<byte> to, ref int at, uint tag, long length)
    {
        to[at++] = (byte)tag;
        at += Varint.Write(to[at..], (ulong)length);
    }
}
