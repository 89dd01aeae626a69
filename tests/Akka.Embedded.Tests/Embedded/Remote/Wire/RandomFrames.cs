using System.Text;
using Akka.Remote.Wire.Proto;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Embedded.Remote.Wire;

/// <summary>Frames of all kinds, made of a random source.</summary>
internal static class RandomFrames
{
    public static AkkaProtocolMessage Next(Random random)
    {
        if (random.Next(5) == 0) return new() { Instruction = Control(random) };
        var container = new AckAndEnvelopeContainer();
        if (random.Next(3) == 0) container.Ack = Ack(random);
        if (random.Next(4) != 0) container.Envelope = Envelope(random);
        return new() { Payload = container.ToByteString() };
    }

    public static RemoteEnvelope Envelope(Random random)
    {
        var payload = new byte[random.Next(3) == 0 ? 0 : random.Next(300)];
        random.NextBytes(payload);
        return new()
        {
            Recipient = new() { Path = Text(random) },
            Message = new()
            {
                Message = ByteString.CopyFrom(payload),
                SerializerId = random.Next(4) switch { 0 => random.Next(20), 1 => random.Next(), 2 => -random.Next(), _ => 0 },
                MessageManifest = ByteString.CopyFromUtf8(Text(random)),
            },
            Sender = Text(random) is { Length: > 0 } sender ? new() { Path = sender } : null,
            Seq = random.Next(3) switch { 0 => ulong.MaxValue, 1 => (ulong)random.Next(100), _ => (ulong)random.NextInt64() },
        };
    }

    public static byte[] Utf8(this string text) => Encoding.UTF8.GetBytes(text);

    private static AkkaControlMessage Control(Random random) => new()
    {
        CommandType = (CommandType)random.Next(8),
        HandshakeInfo = random.Next(2) == 0 ? null : new()
        {
            Origin = random.Next(5) == 0 ? null
                : new() { System = Text(random), Hostname = Text(random), Port = (uint)random.Next(70_000), Protocol = "tcp" },
            Uid = (ulong)random.NextInt64(),
            Cookie = Text(random),
        },
    };

    private static AcknowledgementInfo Ack(Random random)
    {
        var ack = new AcknowledgementInfo { CumulativeAck = random.Next(3) == 0 ? ulong.MaxValue : (ulong)random.Next(100) };
        for (var i = random.Next(5); i > 0; i--) ack.Nacks.Add((ulong)random.Next(100));
        return ack;
    }

    private static string Text(Random random) => random.Next(4) switch
    {
        0 => "",
        1 => "akka.tcp://s@host:1/user/a#5",
        2 => new string('x', random.Next(200)),
        _ => "é€" + random.Next(),
    };
}
