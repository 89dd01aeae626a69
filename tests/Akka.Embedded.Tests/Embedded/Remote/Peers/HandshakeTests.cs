using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

public sealed class HandshakeTests : RemoteTest
{
    // As captured between two systems on Akka.NET.
    private const string Associate =
        "29000000" + "1227" + "0801" + "1223" + "0a18" + "0a02636c" + "12093132372e302e302e31" + "18fdca01" + "2203746370"
        + "116e5fd02000000000";

    protected override string More => "akka.remote.transport-failure-detector.heartbeat-interval = 200ms";

    [Fact]
    public void An_associate_is_the_bytes_that_akka_net_sends()
    {
        var bytes = ControlFrames.Associate(new Address("akka.tcp", "cl", "127.0.0.1", 25981), 550526830);
        Assert.Equal(Associate, Convert.ToHexStringLower(bytes));
        Assert.True(Frame.TryRead(bytes.AsSpan(4), out var frame));
        Assert.True(ControlFrames.TryRead(frame.Control, out var control));
        Assert.True(ControlFrames.TryReadOrigin(control, out var origin, out var uid));
        Assert.Equal((new Address("akka.tcp", "cl", "127.0.0.1", 25981), 550526830), (origin, uid));
    }

    [Fact]
    public async Task An_associate_is_answered_with_ones_own()
    {
        using var peer = await RawPeer.ConnectAsync(Here);
        await peer.SendRawAsync(Convert.FromHexString(Associate));
        var answer = (await peer.NextAsync()).Instruction;
        Assert.Equal(CommandType.Associate, answer.CommandType);
        Assert.Equal(new AddressData { System = "test", Hostname = "127.0.0.1", Port = (uint)Here.Port!, Protocol = "tcp" },
            answer.HandshakeInfo.Origin);
        Assert.Equal((ulong)AddressUidExtension.Uid(Sys), answer.HandshakeInfo.Uid);
    }

    [Fact]
    public async Task A_system_that_dials_says_first_who_it_is()
    {
        using var listener = new RawListener("other");
        Sys.ActorSelection($"{listener.Address}/user/x").Tell(new byte[] { 1 });
        using var peer = await listener.AcceptAsync(Here);
        var first = (await peer.NextAsync()).Instruction;
        Assert.Equal((CommandType.Associate, (uint)Here.Port!), (first.CommandType, first.HandshakeInfo.Origin.Port));
        await peer.AssociateAsync();
        Assert.Equal($"{listener.Address}/", (await peer.EnvelopeAsync()).Recipient.Path);
    }

    [Fact]
    public async Task Both_sides_send_heartbeats()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        Assert.Equal("12020803", Convert.ToHexStringLower((await peer.FrameAsync())!));
        Assert.Equal("12020803", Convert.ToHexStringLower((await peer.FrameAsync())!));
    }

    [Theory]
    [InlineData((int)CommandType.Heartbeat)]
    [InlineData((int)CommandType.Disassociate)]
    [InlineData((int)CommandType.None)]
    public async Task Anything_before_the_handshake_ends_the_connection(int command)
    {
        using var peer = await RawPeer.ConnectAsync(Here);
        await peer.SendAsync((CommandType)command);
        await peer.EndAsync();
    }

    [Fact]
    public async Task A_message_before_the_handshake_is_not_delivered()
    {
        Witness("a");
        using (var early = await RawPeer.ConnectAsync(Here))
        {
            await early.TellAsync("user/a", RawPeer.Bytes(1));
            await early.EndAsync();
        }
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.TellAsync("user/a", RawPeer.Bytes(2));
        Assert.Equal([2], (byte[])await Next());
    }

    [Theory]
    [InlineData((int)CommandType.Disassociate)]
    [InlineData((int)CommandType.DisassociateShuttingDown)]
    [InlineData((int)CommandType.DisassociateQuarantined)]
    public async Task A_disassociate_ends_the_connection_and_is_not_answered_with_one(int command)
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.SendAsync((CommandType)command);
        Assert.Empty(await peer.CommandsToTheEndAsync());
    }

    [Fact]
    public async Task A_system_that_is_told_of_its_quarantine_publishes_it()
    {
        Sys.EventStream.Subscribe(Witness(), typeof(ThisActorSystemQuarantinedEvent));
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.SendAsync(CommandType.DisassociateQuarantined);
        Assert.Equal(peer.Origin, Assert.IsType<ThisActorSystemQuarantinedEvent>(await Next()).RemoteAddress);
    }

    [Fact]
    public async Task A_system_that_ends_says_goodbye()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        var ended = Sys.Terminate();
        Assert.Equal([CommandType.DisassociateShuttingDown], await peer.CommandsToTheEndAsync());
        await ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_new_incarnation_takes_the_place_of_the_old_one_which_is_quarantined()
    {
        Echo();
        using var old = await RawPeer.AssociatedAsync(Here, uid: 1);
        await old.SettleAsync("user/echo", 1);
        using var restarted = await RawPeer.AssociatedAsync(Here, uid: 2);
        Assert.Equal([CommandType.Disassociate], await old.CommandsToTheEndAsync());
        await restarted.SettleAsync("user/echo", 2);

        using var back = await RawPeer.ConnectAsync(Here, uid: 1);
        await back.AssociateAsync();
        Assert.Equal([CommandType.Associate, CommandType.DisassociateQuarantined], await back.CommandsToTheEndAsync());
        await restarted.SettleAsync("user/echo", 3);
    }

    [Fact]
    public async Task A_second_connection_of_one_incarnation_is_as_good_as_the_first()
    {
        Echo();
        using var first = await RawPeer.AssociatedAsync(Here, uid: 1);
        await first.SettleAsync("user/echo", 1);
        using var second = await RawPeer.AssociatedAsync(Here, uid: 1);
        await second.SettleAsync("user/echo", 2);
    }
}
