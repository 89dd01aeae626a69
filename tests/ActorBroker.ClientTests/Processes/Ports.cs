using System.Net;
using System.Net.Sockets;

namespace ActorBroker.ClientTests.Processes;

/// <summary>Ports for processes that end and come back: below those that the system gives to whoever dials, which could take one
/// meanwhile.</summary>
internal static class Ports
{
    private const int First = 15_000, End = 32_000;

    /// <summary>A port that nobody listens on.</summary>
    public static int Free() => Free(1);

    /// <summary>The first of so many in a row.</summary>
    public static int Free(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(First, End - count);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
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
