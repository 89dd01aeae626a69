using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Processes;

/// <summary>Stands before one node: others reach the node by its port. It knows by the first frame of a connection who has made
/// it, and can cut off some: then nothing passes any more, and nothing is closed.</summary>
internal sealed class CuttableProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentDictionary<int, bool> _cut = new();

    public CuttableProxy(int behind)
    {
        Behind = behind;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the node itself listens.</summary>
    public int Behind { get; }
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Lets nothing pass from and to nodes at these ports.</summary>
    public void Cut(params int[] ports)
    {
        foreach (var port in ports) _cut[port] = true;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _sockets) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket outer)
    {
        var inner = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        outer.NoDelay = true;
        _sockets.Add(outer);
        _sockets.Add(inner);
        try
        {
            var first = new byte[4];
            await FillAsync(outer, first);
            var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(first)];
            await FillAsync(outer, frame);
            var from = OriginPort(frame);
            if (_cut.ContainsKey(from)) return; // Open, and silent.
            await inner.ConnectAsync(IPAddress.Loopback, Behind);
            await inner.SendAsync((byte[])[.. first, .. frame]);
            await Task.WhenAll(PassAsync(outer, inner, from), PassAsync(inner, outer, from));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            outer.Dispose();
            inner.Dispose();
        }
    }

    private async Task PassAsync(Socket source, Socket target, int from)
    {
        var buffer = new byte[64 << 10];
        while (await source.ReceiveAsync(buffer) is > 0 and var read)
            if (!_cut.ContainsKey(from)) await target.SendAsync(buffer.AsMemory(0, read));
        if (!_cut.ContainsKey(from)) target.Shutdown(SocketShutdown.Send);
    }

    private static async Task FillAsync(Socket socket, byte[] buffer)
    {
        for (var at = 0; at < buffer.Length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(at));
            if (read == 0) throw new EndOfStreamException();
            at += read;
        }
    }

    // Of an ASSOCIATE: instruction 2, handshakeInfo 2, origin 1, port 3.
    private static int OriginPort(byte[] associate) =>
        (int)NumberIn(Inside(Inside(Inside(associate, 2), 2), 1), 3);

    private static byte[] Inside(byte[] message, int field)
    {
        using var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited)) return input.ReadBytes().ToByteArray();
            input.SkipLastField();
        }
        return [];
    }

    private static uint NumberIn(byte[] message, int field)
    {
        using var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.Varint)) return input.ReadUInt32();
            input.SkipLastField();
        }
        return 0;
    }
}
