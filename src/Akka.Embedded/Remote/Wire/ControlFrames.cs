using System.Buffers.Binary;
using Akka.Actor;
using Akka.Remote.Wire.Proto;
using Google.Protobuf;

namespace Akka.Remote.Wire;

/// <summary>Frames other than envelopes, with their length in front.</summary>
internal static class ControlFrames
{
    public static readonly byte[] Heartbeat = Control(new AkkaControlMessage { CommandType = CommandType.Heartbeat });

    private static readonly byte[] Unknown = Control(new AkkaControlMessage { CommandType = CommandType.Disassociate });
    private static readonly byte[] ShuttingDown =
        Control(new AkkaControlMessage { CommandType = CommandType.DisassociateShuttingDown });
    private static readonly byte[] Quarantined =
        Control(new AkkaControlMessage { CommandType = CommandType.DisassociateQuarantined });

    /// <param name="origin">The system's own address, as in paths (<c>akka.tcp</c>).</param>
    public static byte[] Associate(Address origin, int uid) => Control(new AkkaControlMessage
    {
        CommandType = CommandType.Associate,
        HandshakeInfo = new AkkaHandshakeInfo
        {
            Origin = new AddressData
            {
                System = origin.System,
                Hostname = origin.Host ?? "",
                Port = (uint)(origin.Port ?? 0),
                Protocol = BareProtocol(origin.Protocol),
            },
            Uid = (ulong)(uint)uid,
        },
    });

    public static byte[] Disassociate(CommandType reason) => reason switch
    {
        CommandType.DisassociateShuttingDown => ShuttingDown,
        CommandType.DisassociateQuarantined => Quarantined,
        _ => Unknown,
    };

    public static byte[] Ack(Acknowledgement ack)
    {
        var info = new AcknowledgementInfo { CumulativeAck = (ulong)ack.Cumulative };
        foreach (var nack in ack.Nacks) info.Nacks.Add((ulong)nack);
        return WithLength(new AkkaProtocolMessage
        {
            Payload = new AckAndEnvelopeContainer { Ack = info }.ToByteString(),
        });
    }

    /// <summary>Reads the control message of a frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> control, out AkkaControlMessage message)
    {
        try
        {
            message = AkkaControlMessage.Parser.ParseFrom(control);
            return true;
        }
        // The last two: protobuf's parser runs over the end of some cut messages.
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            message = null!;
            return false;
        }
    }

    /// <summary>Who sent an ASSOCIATE, as an address of paths.</summary>
    /// <returns>False: it does not say.</returns>
    public static bool TryReadOrigin(AkkaControlMessage associate, out Address origin, out int uid)
    {
        origin = null!;
        uid = 0;
        if (associate.HandshakeInfo is not { Origin: { } from } info || from.System.Length == 0 || from.Hostname.Length == 0
            || from.Port > ushort.MaxValue)
            return false;
        origin = new Address(PathProtocol(from.Protocol), from.System, from.Hostname, (int)from.Port);
        uid = (int)(uint)info.Uid;
        return true;
    }

    /// <summary><c>tcp</c> to <c>akka.tcp</c>.</summary>
    public static string PathProtocol(string bare) => "akka." + bare;

    private static string BareProtocol(string inPath) =>
        inPath.StartsWith("akka.", StringComparison.Ordinal) ? inPath["akka.".Length..] : inPath;

    private static byte[] Control(AkkaControlMessage message) => WithLength(new AkkaProtocolMessage { Instruction = message });

    private static byte[] WithLength(AkkaProtocolMessage message)
    {
        var frame = new byte[EnvelopeWriter.LengthBytes + message.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - EnvelopeWriter.LengthBytes);
        message.WriteTo(frame.AsSpan(EnvelopeWriter.LengthBytes));
        return frame;
    }
}
