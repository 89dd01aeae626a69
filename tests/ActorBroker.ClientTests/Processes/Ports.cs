using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorBroker.ClientTests.Processes;

/// <summary>Ports for processes that end and come back: below those that the system gives to whoever dials, which could take one
/// meanwhile.</summary>
internal static class Ports
{
    // Each project has its own: they run side by side.
    private const int First = 23_000, End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> _given = [];

    /// <summary>A port that nobody listens on, and that no other test of this process gets.</summary>
    public static int Free() => Free(1);

    /// <summary>The first of so many in a row.</summary>
    public static int Free(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(First, End - count);
            if (Enumerable.Range(first, count).All(port => _given.TryAdd(port, true) && IsFree(port))) return first;
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
