using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorBroker.Tests.Hosting;

/// <summary>Ports for brokers that go and come back: below those that the system gives to whoever asks for any, who could take
/// one meanwhile.</summary>
internal static class Ports
{
    // Each project has its own: they run side by side.
    private const int First = 15_000, End = 20_000;

    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>A port that nobody listens on, and that no other test of this process gets.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (Given.TryAdd(port, true) && IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
