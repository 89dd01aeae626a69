using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Embedded.Remote.Wire;

/// <summary>Random and damaged bytes into the decoders of frames, envelopes and bodies: they are read or refused, what is read is
/// what protobuf's own parser reads, and what is allocated is in proportion to what came in. 50,000 cases each; a million with
/// ACTORBROKER_LONG_TESTS=1.</summary>
public sealed class FrameFuzzTests : Serialization.RemoteSerializationTest
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("ACTORBROKER_LONG_TESTS") == "1" ? 1_000_000 : 50_000;

    [Fact]
    public void Random_frames_are_read_or_refused()
    {
        var random = new Random(1);
        for (var i = 0; i < Cases; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0) MakeLikely(bytes, random);
            ReadOrRefuse(bytes, i);
        }
    }

    [Fact]
    public void Damaged_frames_are_read_or_refused()
    {
        var random = new Random(2);
        for (var i = 0; i < Cases; i++) ReadOrRefuse(Damaged(RandomFrames.Next(random).ToByteArray(), random), i);
    }

    [Fact]
    public void Frames_are_read_as_protobuf_reads_them()
    {
        var random = new Random(3);
        for (var i = 0; i < Cases / 5; i++)
        {
            var message = RandomFrames.Next(random);
            Assert.True(SameAsProtobuf(message.ToByteArray()), $"case {i}: {message}");
        }
    }

    [Fact]
    public void Written_envelopes_are_read_as_protobuf_reads_them()
    {
        var random = new Random(4);
        for (var i = 0; i < Cases / 5; i++)
        {
            var envelope = RandomFrames.Envelope(random);
            var payload = envelope.Message.Message.ToByteArray();
            var sender = envelope.Sender?.Path.Utf8() ?? [];
            var writer = new EnvelopeWriter(envelope.Recipient.Path.Utf8(), sender,
                envelope.Message.SerializerId, envelope.Message.MessageManifest.Span, payload.Length, envelope.Seq);
            var frame = new byte[writer.FrameLength];
            writer.WriteHeader(frame);
            payload.CopyTo(frame, writer.HeaderLength);
            Assert.Equal(frame.Length - 4, BitConverter.ToInt32(frame));
            var read = AckAndEnvelopeContainer.Parser.ParseFrom(AkkaProtocolMessage.Parser.ParseFrom(frame.AsSpan(4)).Payload);
            Assert.Equal(envelope, read.Envelope);
        }
    }

    [Fact]
    public void Damaged_bodies_of_messages_are_read_or_refused()
    {
        var actor = (IInternalActorRef)Sys.ActorOf(Fn.Props((_, _) => { }), "a");
        object[] messages =
        [
            new ActorSelectionMessage(new Identify("x"),
                [new SelectChildName("a"), new SelectChildPattern("*"), SelectParent.Instance]),
            new ActorIdentity(7, actor), new Status.Failure(new InvalidOperationException("x", new IOException("y")), "state"),
            new Status.Success("x"), new Akka.Remote.RemoteWatcher.HeartbeatRsp(5), actor, "text", 5, 5L,
            new Watch(actor, actor), new DeathWatchNotification(actor, true, true),
            new Failed(actor, new TimeoutException("x"), 5),
        ];
        var random = new Random(5);
        for (var i = 0; i < Cases; i++)
        {
            var message = messages[random.Next(messages.Length)];
            var serializer = Serializers.FindSerializerFor(message);
            var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
            var bytes = Damaged(serializer.ToBinary(message), random);
            if (random.Next(20) == 0) manifest = manifest[..random.Next(manifest.Length + 1)];
            Guarded(bytes.Length, i, () =>
            {
                try
                {
                    Serializers.Deserialize(bytes, serializer.Identifier, manifest);
                }
                catch (Exception e) when (e is SerializationException or InvalidProtocolBufferException
                    or IndexOutOfRangeException)
                {
                    // The last is protobuf's own, of some cut messages; who reads from the network takes any.
                }
            });
        }
    }

    private static void ReadOrRefuse(byte[] bytes, int number) => Guarded(bytes.Length, number, () =>
    {
        if (!Frame.TryRead(bytes, out var frame)) return;
        if (frame.HasControl && ControlFrames.TryRead(frame.Control, out var control))
            ControlFrames.TryReadOrigin(control, out _, out _);
        Assert.True(SameAsProtobuf(bytes), $"case {number}: {Convert.ToHexString(bytes)}");
    });

    // Also true where protobuf refuses.
    private static bool SameAsProtobuf(byte[] bytes)
    {
        AckAndEnvelopeContainer? container;
        AkkaProtocolMessage message;
        try
        {
            message = AkkaProtocolMessage.Parser.ParseFrom(bytes);
            container = AckAndEnvelopeContainer.Parser.ParseFrom(message.Payload);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException)
        {
            return true;
        }
        if (!Frame.TryRead(bytes, out var frame)) return false;
        if (HasTwice(bytes)) return true;
        var envelope = container.Envelope ?? new RemoteEnvelope();
        return frame.HasEnvelope == container.Envelope is not null
            && Encoding.UTF8.GetString(frame.Recipient) == (envelope.Recipient?.Path ?? "")
            && Encoding.UTF8.GetString(frame.Sender) == (envelope.Sender?.Path ?? "")
            && frame.Seq == envelope.Seq
            && frame.SerializerId == (envelope.Message?.SerializerId ?? 0)
            && frame.Manifest.SequenceEqual((envelope.Message?.MessageManifest ?? ByteString.Empty).Span)
            && frame.Payload.SequenceEqual((envelope.Message?.Message ?? ByteString.Empty).Span)
            && frame.HasControl == message.Instruction is not null
            && (frame.Ack is null ? container.Ack is null
                : (ulong)frame.Ack.Cumulative == container.Ack.CumulativeAck
                    && frame.Ack.Nacks.Select(n => (ulong)n).SequenceEqual(container.Ack.Nacks));
    }

    // The container is a field of bytes: protobuf takes the last of two, where the embedded message would be merged.
    private static bool HasTwice(byte[] bytes)
    {
        var reader = new FieldReader(bytes);
        var payloads = 0;
        while (reader.Next(out var tag))
        {
            if (tag == Tags.ProtocolPayload) payloads++;
            reader.Skip(tag);
        }
        return payloads > 1;
    }

    private static void Guarded(int length, int number, Action read)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"case {number}: {e}");
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated < 200_000 + (500 * length), $"case {number}: {allocated} bytes allocated for {length}");
    }

    // Bytes that are tags and small lengths more often, so that more of the decoder is reached.
    private static void MakeLikely(byte[] bytes, Random random)
    {
        byte[] likely = [0x0a, 0x12, 0x08, 0x10, 0x1a, 0x22, 0x29, 0x09, 0x11, 0, 1, 2, 3, 4, 5, 20];
        for (var i = 0; i < bytes.Length; i++)
            if (random.Next(4) != 0) bytes[i] = likely[random.Next(likely.Length)];
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        var damaged = bytes.ToArray();
        for (var times = random.Next(1, 4); times > 0 && damaged.Length > 0; times--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(5))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2: damaged = damaged[..at]; break;
                case 3: damaged = [.. damaged[..at], .. damaged[random.Next(damaged.Length)..]]; break;
                default: damaged.AsSpan(at, Math.Min(4, damaged.Length - at)).Fill(0xff); break;
            }
        }
        return damaged;
    }
}
