using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace ActorBroker.TestSupport;

/// <summary>Ports for brokers that go and come back: below those that the system gives to whoever dials, which could take one
/// meanwhile.</summary>
internal static class Ports
{
    // Each project has its own, as they run side by side.
    private static readonly (int First, int End) Range = Assembly.GetExecutingAssembly().GetName().Name switch
    {
        "ActorBroker.Tests" => (15_000, 20_000),
        "ActorBroker.Server.Tests" => (20_000, 23_000),
        _ => (23_000, 32_000),
    };

    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>A port that nobody listens on, and that no other test of this process gets.</summary>
    public static int Free() => Free(1);

    /// <summary>The first of so many in a row.</summary>
    public static int Free(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(Range.First, Range.End - count);
            if (Enumerable.Range(first, count).All(port => Given.TryAdd(port, true) && IsFree(port))) return first;
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
