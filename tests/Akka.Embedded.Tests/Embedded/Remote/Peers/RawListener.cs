using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Wire.Proto;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>A peer that listens, for systems that dial.</summary>
internal sealed class RawListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawListener(string name)
    {
        _listener.Start();
        Address = new("akka.tcp", name, "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
    }

    public Address Address { get; }

    public async Task<RawPeer> AcceptAsync(Address system, int uid = 7)
    {
        var socket = await _listener.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return new RawPeer(socket, Address, system, uid);
    }

    /// <summary>Accepts, and shakes hands.</summary>
    public async Task<RawPeer> AssociatedAsync(Address system, int uid = 7)
    {
        var peer = await AcceptAsync(system, uid);
        Assert.Equal(CommandType.Associate, (await peer.NextAsync()).Instruction.CommandType);
        await peer.AssociateAsync();
        return peer;
    }

    public void Dispose() => _listener.Dispose();
}
