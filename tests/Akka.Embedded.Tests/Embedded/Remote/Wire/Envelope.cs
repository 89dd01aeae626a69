using System.Buffers.Binary;
using System.Text;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Embedded.Remote.Wire;

/// <summary>An envelope in terms of this codec and of protobuf's.</summary>
public sealed record Envelope(string Recipient, string Sender, int Serializer, string Manifest, byte[] Payload, ulong Seq)
{
    /// <summary>The frame, with its length, as this runtime writes it.</summary>
    public byte[] Written()
    {
        var header = new EnvelopeWriter(Utf8(Recipient), Utf8(Sender), Serializer, Utf8(Manifest), Payload.Length, Seq);
        var frame = new byte[header.FrameLength];
        header.WriteHeader(frame);
        Payload.CopyTo(frame, header.HeaderLength);
        return frame;
    }

    internal RemoteEnvelope Message()
    {
        var message = new RemoteEnvelope
        {
            Recipient = new ActorRefData { Path = Recipient },
            Message = new Payload
            {
                Message = ByteString.CopyFrom(Payload),
                SerializerId = Serializer,
                MessageManifest = ByteString.CopyFromUtf8(Manifest),
            },
            Seq = Seq,
        };
        if (Sender.Length > 0) message.Sender = new ActorRefData { Path = Sender };
        return message;
    }

    /// <summary>A frame's body as protobuf writes it.</summary>
    internal static byte[] Body(AckAndEnvelopeContainer container) =>
        new AkkaProtocolMessage { Payload = container.ToByteString() }.ToByteArray();

    /// <summary>A frame without its length, which must be right.</summary>
    public static byte[] BodyOf(byte[] frame)
    {
        Assert.Equal(frame.Length - 4, BinaryPrimitives.ReadInt32LittleEndian(frame));
        return frame[4..];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
