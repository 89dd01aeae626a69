using System.Text;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Embedded.Tests.Embedded.Remote.Wire;

/// <summary>The hot path's codec says what protobuf says.</summary>
public class EnvelopeTests
{
    private static readonly Envelope Sample = new("akka.tcp://b@127.0.0.1:2552/user/sink", "akka.tcp://a@127.0.0.1:2553/user/x#1",
        17, "S", "hello"u8.ToArray(), Frame.Unsequenced);

    [Fact]
    public void Written_envelopes_are_what_protobuf_reads()
    {
        Prop.ForAll(Envelopes(), envelope =>
        {
            var read = AkkaProtocolMessage.Parser.ParseFrom(Envelope.BodyOf(envelope.Written()));
            var container = AckAndEnvelopeContainer.Parser.ParseFrom(read.Payload);
            Assert.Null(container.Ack);
            Assert.Equal(envelope.Message(), container.Envelope);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_protobuf_writes_is_read()
    {
        Prop.ForAll(Envelopes(), envelope =>
            AssertReads(envelope, Envelope.Body(new AckAndEnvelopeContainer { Envelope = envelope.Message() })))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Written_envelopes_are_read() =>
        Prop.ForAll(Envelopes(), envelope => AssertReads(envelope, Envelope.BodyOf(envelope.Written())))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Payload_is_the_end_of_a_frame()
    {
        var payload = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        var frame = (Sample with { Payload = payload }).Written();
        Assert.Equal(payload, frame[^300..]);
    }

    [Fact]
    public void Sequence_number_can_be_put_in_later()
    {
        var recipient = Encoding.UTF8.GetBytes(Sample.Recipient);
        var header = new EnvelopeWriter(recipient, default, 22, "a manifest"u8, 7, 0);
        var frame = new byte[header.FrameLength];
        header.WriteHeader(frame);
        BitConverter.TryWriteBytes(frame.AsSpan(header.SeqOffset), 0x0102030405060708UL);
        Assert.True(Frame.TryRead(Envelope.BodyOf(frame), out var read));
        Assert.Equal(0x0102030405060708UL, read.Seq);
        Assert.Equal("a manifest"u8, read.Manifest);
    }

    [Fact]
    public void Ordinary_messages_carry_their_sequence_number_in_full()
    {
        // Left out it would mean 0, the first system message.
        var seq = new byte[] { 0x29, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
        Assert.True(Sample.Written().AsSpan().IndexOf(seq) > 0);
        Assert.True(Frame.TryRead(Envelope.Body(new AckAndEnvelopeContainer { Envelope = new RemoteEnvelope() }), out var none));
        Assert.Equal(0UL, none.Seq);
    }

    [Fact]
    public void Fields_that_nobody_knows_are_passed_over()
    {
        var body = Envelope.BodyOf(Sample.Written());
        byte[] unknown =
        [
            (9 << 3) | 0, 0x96, 0x01, (10 << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8, (11 << 3) | 2, 2, 9, 9, (12 << 3) | 5, 1, 2, 3, 4,
        ];
        AssertReads(Sample, [.. unknown, .. body, .. unknown]);
    }

    [Fact]
    public void Frames_that_are_cut_off_are_not_read()
    {
        var body = Envelope.BodyOf(Sample.Written());
        for (var length = 1; length < body.Length; length++) Assert.False(Frame.TryRead(body.AsSpan(0, length), out _));
    }

    [Fact]
    public void Mutated_frames_are_read_as_protobuf_reads_them_or_not_at_all()
    {
        var random = new Random(17);
        var body = Envelope.BodyOf(Sample.Written());
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = body.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                mutated[random.Next(mutated.Length)] ^= (byte)(1 << random.Next(8));
            if (!Frame.TryRead(mutated, out var ours) || !ours.HasEnvelope) continue;
            var theirs = AckAndEnvelopeContainer.Parser.ParseFrom(AkkaProtocolMessage.Parser.ParseFrom(mutated).Payload).Envelope;
            Assert.Equal(theirs.Seq, ours.Seq);
            Assert.Equal(theirs.Message?.SerializerId ?? 0, ours.SerializerId);
            Assert.True(ours.Payload.SequenceEqual(theirs.Message is null ? [] : theirs.Message.Message.Span));
            Assert.True(ours.Manifest.SequenceEqual(theirs.Message is null ? [] : theirs.Message.MessageManifest.Span));
        }
    }

    private static void AssertReads(Envelope envelope, byte[] body)
    {
        Assert.True(Frame.TryRead(body, out var frame));
        Assert.True(frame.HasEnvelope);
        Assert.False(frame.HasControl);
        Assert.Null(frame.Ack);
        Assert.Equal(envelope.Recipient, Encoding.UTF8.GetString(frame.Recipient));
        Assert.Equal(envelope.Sender, Encoding.UTF8.GetString(frame.Sender));
        Assert.Equal(envelope.Manifest, Encoding.UTF8.GetString(frame.Manifest));
        Assert.Equal(envelope.Serializer, frame.SerializerId);
        Assert.Equal(envelope.Seq, frame.Seq);
        Assert.True(frame.Payload.SequenceEqual(envelope.Payload));
    }

    private static Arbitrary<Envelope> Envelopes()
    {
        var text = ArbMap.Default.GeneratorFor<NonNull<string>>()
            .Select(s => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(s.Get)));
        var payload = Gen.OneOf(ArbMap.Default.GeneratorFor<byte[]>(), Gen.Choose(0, 70_000).Select(n => new byte[n]));
        var seq = Gen.OneOf(Gen.Constant(Frame.Unsequenced), Gen.Constant(0UL), ArbMap.Default.GeneratorFor<ulong>());
        var gen =
            from recipient in text
            from sender in text
            from serializer in Gen.OneOf(Gen.Choose(-5, 300), ArbMap.Default.GeneratorFor<int>())
            from manifest in text
            from bytes in payload
            from number in seq
            select new Envelope(recipient, sender, serializer, manifest, bytes, number);
        return gen.ToArbitrary();
    }
}
