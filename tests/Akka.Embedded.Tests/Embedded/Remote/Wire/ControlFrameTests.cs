using Akka.Actor;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;

namespace Akka.Embedded.Tests.Embedded.Remote.Wire;

/// <summary>Frames other than envelopes, byte for byte.</summary>
public class ControlFrameTests
{
    // As captured from Akka.NET: system "cl" at 127.0.0.1:25981, uid 550526830.
    private const string Associate = "29000000" + "1227" + "0801" + "1223" + "0a18" + "0a02636c" + "12093132372e302e302e31"
        + "18fdca01" + "2203746370" + "116e5fd02000000000";

    [Fact]
    public void Handshake_is_the_captured_one() =>
        Assert.Equal(Associate, Hex(ControlFrames.Associate(new Address("akka.tcp", "cl", "127.0.0.1", 25981), 550526830)));

    [Fact]
    public void Captured_handshake_is_read()
    {
        Assert.True(Frame.TryRead(Convert.FromHexString(Associate).AsSpan(4), out var frame));
        Assert.True(frame.HasControl);
        Assert.True(ControlFrames.TryRead(frame.Control, out var control));
        Assert.Equal(CommandType.Associate, control.CommandType);
        Assert.True(ControlFrames.TryReadOrigin(control, out var origin, out var uid));
        Assert.Equal(Address.Parse("akka.tcp://cl@127.0.0.1:25981"), origin);
        Assert.Equal(550526830, uid);
    }

    [Theory]
    [InlineData(CommandType.Disassociate, "0400000012020802")]
    [InlineData(CommandType.DisassociateShuttingDown, "0400000012020804")]
    [InlineData(CommandType.DisassociateQuarantined, "0400000012020805")]
    public void Farewells(object reason, string bytes) =>
        Assert.Equal(bytes, Hex(ControlFrames.Disassociate((CommandType)reason)));

    [Fact]
    public void Heartbeat() => Assert.Equal("0400000012020803", Hex(ControlFrames.Heartbeat));

    [Theory]
    [InlineData(0, new long[0], "040000000a020a00")] // Field left out: an empty message.
    [InlineData(-1, new long[0], "0d0000000a0b0a0909ffffffffffffffff")]
    [InlineData(5, new long[] { 1, 4 }, "1f0000000a1d0a1b090500000000000000121001000000000000000400000000000000")]
    public void Acknowledgements(long cumulative, long[] nacks, string bytes)
    {
        var frame = ControlFrames.Ack(new Acknowledgement(cumulative, [.. nacks]));
        Assert.Equal(bytes, Hex(frame));
        Assert.True(Frame.TryRead(frame.AsSpan(4), out var read));
        Assert.Equal(cumulative, read.Ack!.Cumulative);
        Assert.Equal(nacks, read.Ack.Nacks);
        Assert.False(read.HasEnvelope);
    }

    [Fact]
    public void Acknowledgement_and_envelope_may_share_a_frame()
    {
        var body = Envelope.Body(new AckAndEnvelopeContainer
        {
            Ack = new AcknowledgementInfo { CumulativeAck = 7 },
            Envelope = new RemoteEnvelope { Seq = 3 },
        });
        Assert.True(Frame.TryRead(body, out var frame));
        Assert.Equal(7, frame.Ack!.Cumulative);
        Assert.True(frame.HasEnvelope);
        Assert.Equal(3UL, frame.Seq);
    }

    [Fact]
    public void Uid_is_the_low_32_bits()
    {
        var control = new AkkaControlMessage
        {
            HandshakeInfo = new AkkaHandshakeInfo
            {
                Origin = new AddressData { System = "s", Hostname = "h", Port = 1, Protocol = "tcp" },
                Uid = 0xABCD_0000_0007,
            },
        };
        Assert.True(ControlFrames.TryReadOrigin(control, out _, out var uid));
        Assert.Equal(7, uid);
    }

    [Fact]
    public void Handshake_without_an_origin_says_nothing()
    {
        Assert.False(ControlFrames.TryReadOrigin(new AkkaControlMessage(), out _, out _));
        var half = new AkkaHandshakeInfo { Origin = new AddressData { System = "s" } };
        Assert.False(ControlFrames.TryReadOrigin(new AkkaControlMessage { HandshakeInfo = half }, out _, out _));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
