namespace Akka.Remote.Wire;

/// <summary>What one frame holds, as slices of it: a control message, or an acknowledgement, an envelope, or both.</summary>
/// <remarks>Fields that come twice are merged, unknown ones passed over, as protobuf wants it.</remarks>
internal ref struct Frame
{
    /// <summary>The <c>seq</c> of ordinary messages.</summary>
    public const ulong Unsequenced = ulong.MaxValue;

    public ReadOnlySpan<byte> Recipient;
    public ReadOnlySpan<byte> Sender;
    public ReadOnlySpan<byte> Manifest;
    public ReadOnlySpan<byte> Payload;

    /// <summary>The bytes of an <see cref="Proto.AkkaControlMessage"/>.</summary>
    public ReadOnlySpan<byte> Control;
    public Acknowledgement? Ack;
    public ulong Seq;
    public int SerializerId;
    public bool HasEnvelope;
    public bool HasControl;

    /// <summary>Reads <paramref name="body"/>, a frame without its length.</summary>
    /// <returns>False: it is no frame.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out Frame frame)
    {
        frame = default;
        var reader = new FieldReader(body);
        while (reader.Next(out var tag))
        {
            switch (tag)
            {
                case Tags.ProtocolPayload:
                    if (!frame.ReadContainer(reader.Bytes())) return false;
                    break;
                case Tags.ProtocolInstruction:
                    frame.Control = reader.Bytes();
                    frame.HasControl = true;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return !reader.IsBroken;
    }

    private bool ReadContainer(ReadOnlySpan<byte> container)
    {
        var reader = new FieldReader(container);
        while (reader.Next(out var tag))
        {
            switch (tag)
            {
                case Tags.ContainerAck:
                    if (!Acknowledgement.TryRead(reader.Bytes(), ref Ack)) return false;
                    break;
                case Tags.ContainerEnvelope:
                    HasEnvelope = true;
                    if (!ReadEnvelope(reader.Bytes())) return false;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return !reader.IsBroken;
    }

    private bool ReadEnvelope(ReadOnlySpan<byte> envelope)
    {
        var reader = new FieldReader(envelope);
        while (reader.Next(out var tag))
        {
            switch (tag)
            {
                case Tags.EnvelopeRecipient:
                    if (!ReadPath(reader.Bytes(), ref Recipient)) return false;
                    break;
                case Tags.EnvelopeMessage:
                    if (!ReadPayload(reader.Bytes())) return false;
                    break;
                case Tags.EnvelopeSender:
                    if (!ReadPath(reader.Bytes(), ref Sender)) return false;
                    break;
                case Tags.EnvelopeSeq:
                    Seq = reader.Fixed64();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return !reader.IsBroken;
    }

    private bool ReadPayload(ReadOnlySpan<byte> payload)
    {
        var reader = new FieldReader(payload);
        while (reader.Next(out var tag))
        {
            switch (tag)
            {
                case Tags.PayloadMessage: Payload = reader.Bytes(); break;
                case Tags.PayloadSerializer: SerializerId = (int)reader.Number(); break;
                case Tags.PayloadManifest: Manifest = reader.Bytes(); break;
                default: reader.Skip(tag); break;
            }
        }
        return !reader.IsBroken;
    }

    private static bool ReadPath(ReadOnlySpan<byte> actorRef, ref ReadOnlySpan<byte> path)
    {
        var reader = new FieldReader(actorRef);
        while (reader.Next(out var tag))
        {
            if (tag == Tags.ActorRefPath) path = reader.Bytes();
            else reader.Skip(tag);
        }
        return !reader.IsBroken;
    }
}
