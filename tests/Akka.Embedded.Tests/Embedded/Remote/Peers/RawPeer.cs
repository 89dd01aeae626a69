using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire.Proto;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>Another system, made of a socket and bytes: it does what the test's script says, and nothing by itself.</summary>
internal sealed class RawPeer : IDisposable
{
    public const ulong Unsequenced = ulong.MaxValue;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // Real time: the socket is real.
    private readonly Socket _socket;

    public RawPeer(Socket socket, Address origin, Address system, int uid)
    {
        _socket = socket;
        _socket.NoDelay = true;
        EndPoint = socket.LocalEndPoint!.ToString()!;
        Origin = origin;
        System = system;
        Uid = uid;
    }

    /// <summary>What it says to be.</summary>
    public Address Origin { get; }
    public int Uid { get; }

    /// <summary>Its end of the connection, as the other side's log names it.</summary>
    public string EndPoint { get; }

    /// <summary>The system it talks to.</summary>
    public Address System { get; }

    public static async Task<RawPeer> ConnectAsync(Address system, int uid = 7, string name = "peer", int port = 4711)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(IPAddress.Loopback, system.Port!.Value, patience.Token);
        return new RawPeer(socket, new Address("akka.tcp", name, "127.0.0.1", port), system, uid);
    }

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<RawPeer> AssociatedAsync(Address system, int uid = 7, string name = "peer", int port = 4711)
    {
        var peer = await ConnectAsync(system, uid, name, port);
        await peer.AssociateAsync();
        Assert.Equal(CommandType.Associate, (await peer.NextAsync()).Instruction.CommandType);
        return peer;
    }

    /// <summary>The next frame that is no heartbeat; null: none came before the end of the connection.</summary>
    public async Task<AkkaProtocolMessage?> NextOrEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await NextOrEndAsync(patience.Token);
    }

    /// <summary>The next frame that is no heartbeat.</summary>
    public async Task<AkkaProtocolMessage> NextAsync() => await NextOrEndAsync() ?? throw new EndOfStreamException();

    /// <summary>The next envelope that is wanted; acknowledgements and others are passed over.</summary>
    public Task<RemoteEnvelope> EnvelopeAsync(Func<RemoteEnvelope, bool>? wanted = null) => FirstAsync(
        payload => payload.Envelope is { } envelope && (wanted is null || wanted(envelope)) ? envelope : null);

    /// <summary>The next acknowledgement; envelopes are passed over.</summary>
    public Task<AcknowledgementInfo> AckAsync() => FirstAsync(payload => payload.Ack);

    /// <summary>Commands until the end of the connection; heartbeats and envelopes are passed over.</summary>
    public async Task<CommandType[]> CommandsToTheEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var commands = new List<CommandType>();
        while (await NextOrEndAsync(patience.Token) is { } message)
            if (message.Instruction is { } instruction) commands.Add(instruction.CommandType);
        return [.. commands];
    }

    /// <summary>One frame without its length; null: the connection has ended.</summary>
    public async Task<byte[]?> FrameAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await FrameAsync(patience.Token);
    }

    public Task AssociateAsync() => SendAsync(new AkkaControlMessage
    {
        CommandType = CommandType.Associate,
        HandshakeInfo = new AkkaHandshakeInfo
        {
            Origin = new AddressData
            {
                System = Origin.System,
                Hostname = Origin.Host,
                Port = (uint)Origin.Port!,
                Protocol = "tcp",
            },
            Uid = (ulong)Uid,
        },
    });

    public Task SendAsync(CommandType command) => SendAsync(new AkkaControlMessage { CommandType = command });
    public Task SendAsync(AkkaControlMessage control) => SendAsync(new AkkaProtocolMessage { Instruction = control });

    public Task AckAsync(ulong cumulative, params ulong[] nacks)
    {
        var ack = new AcknowledgementInfo { CumulativeAck = cumulative };
        ack.Nacks.AddRange(nacks);
        return SendAsync(new AckAndEnvelopeContainer { Ack = ack });
    }

    /// <param name="path">Of the recipient, below the root of the system: <c>user/a</c>.</param>
    /// <param name="message">With its serializer's number and manifest.</param>
    /// <param name="sender">Path of the sender here; null: none.</param>
    /// <param name="seq">Of a system message.</param>
    public Task TellAsync(string path, Payload message, string? sender = null, ulong seq = Unsequenced) =>
        SendAsync(new AckAndEnvelopeContainer { Envelope = Envelope(path, message, sender, seq) });

    public RemoteEnvelope Envelope(string path, Payload message, string? sender = null, ulong seq = Unsequenced) => new()
    {
        Recipient = new ActorRefData { Path = $"{System}/{path}" },
        Message = message,
        Sender = sender is null ? null : new ActorRefData { Path = PathHere(sender) },
        Seq = seq,
    };

    public Task WatchAsync(ulong seq, string watchee, string watcher, bool undo = false) => TellAsync(watchee, Message(22,
        undo ? "Akka.Dispatch.SysMsg.Unwatch, Akka" : "Akka.Dispatch.SysMsg.Watch, Akka", new WatchBody
        {
            Watchee = new ActorRefData { Path = $"{System}/{watchee}" },
            Watcher = new ActorRefData { Path = PathHere(watcher) },
        }), seq: seq);

    public Task SelectAsync(Payload message, string sender, params string[] names)
    {
        var selection = new SelectionBody { Payload = message };
        foreach (var name in names)
            selection.Pattern.Add(new SelectionElement { Type = SelectionElement.Types.Kind.ChildName, Matcher = name });
        return TellAsync("", Message(6, "", selection), sender);
    }

    /// <summary>Tells bytes to an actor that sends them back, and waits for them: all before has been handled.</summary>
    public async Task SettleAsync(string echo, byte marker)
    {
        await TellAsync(echo, Bytes(marker), "temp/settle");
        await EnvelopeAsync(e => e.Recipient.Path == PathHere("temp/settle") && e.Message.Message.SequenceEqual([marker]));
    }

    public string PathHere(string path) => $"{Origin}/{path}";

    public Task SendAsync(AckAndEnvelopeContainer container) =>
        SendAsync(new AkkaProtocolMessage { Payload = container.ToByteString() });

    public Task SendAsync(AkkaProtocolMessage message) => SendFrameAsync(message.ToByteArray());

    public async Task SendFrameAsync(byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        await SendRawAsync((byte[])[.. length, .. body]);
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(Patience); // The other side may not read.
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
    }

    /// <summary>Waits until the other side has ended the connection.</summary>
    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await FrameAsync(patience.Token) is not null) { }
    }

    public void Dispose() => _socket.Dispose();

    public static Payload Bytes(params byte[] bytes) => new() { SerializerId = 4, Message = ByteString.CopyFrom(bytes) };

    public static Payload Message(int serializer, string manifest, IMessage? body = null) => new()
    {
        SerializerId = serializer,
        MessageManifest = ByteString.CopyFrom(manifest, Encoding.UTF8),
        Message = body?.ToByteString() ?? ByteString.Empty,
    };

    private async Task<T> FirstAsync<T>(Func<AckAndEnvelopeContainer, T?> wanted) where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await NextOrEndAsync(patience.Token) is { } message)
            if (wanted(AckAndEnvelopeContainer.Parser.ParseFrom(message.Payload)) is { } found) return found;
        throw new EndOfStreamException();
    }

    // Whoever waits has one limit for all that is passed over: heartbeats go on coming.
    private async Task<AkkaProtocolMessage?> NextOrEndAsync(CancellationToken patience)
    {
        while (await FrameAsync(patience) is { } frame)
        {
            var message = AkkaProtocolMessage.Parser.ParseFrom(frame);
            if (message.Instruction?.CommandType != CommandType.Heartbeat) return message;
        }
        return null;
    }

    private async Task<byte[]?> FrameAsync(CancellationToken patience)
    {
        var length = new byte[4];
        if (!await FillAsync(length, patience)) return null;
        var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        return await FillAsync(frame, patience) ? frame : null;
    }

    private async Task<bool> FillAsync(byte[] buffer, CancellationToken patience)
    {
        for (var at = 0; at < buffer.Length;)
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(buffer.AsMemory(at), patience);
            }
            catch (SocketException)
            {
                return false; // A reset is an end too.
            }
            if (read == 0) return false;
            at += read;
        }
        return true;
    }
}
