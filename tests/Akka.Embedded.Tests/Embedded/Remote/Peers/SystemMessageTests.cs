using System.Diagnostics;
using Akka.Actor;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire;
using Akka.Remote.Wire.Proto;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>Acknowledgement, order and repetition of system messages.</summary>
public sealed class SystemMessageTests : RemoteTest
{
    private const ulong None = ulong.MaxValue;

    [Fact]
    public async Task A_watcher_elsewhere_is_told_of_the_death()
    {
        var actor = Echo("a");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.WatchAsync(0, "user/a", "system/remote-watcher#5");
        Assert.Equal(new AcknowledgementInfo(), await peer.AckAsync());
        Sys.Stop(actor);
        var news = await peer.EnvelopeAsync();
        Assert.Equal((0UL, peer.PathHere("system/remote-watcher#5"), 22, "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka"),
            (news.Seq, news.Recipient.Path, news.Message.SerializerId, news.Message.MessageManifest.ToStringUtf8()));
        var body = DeathWatchNotificationBody.Parser.ParseFrom(news.Message.Message);
        Assert.Equal(($"{Here}/user/a#{actor.Path.Uid}", true, false),
            (body.Actor.Path, body.ExistenceConfirmed, body.AddressTerminated));
    }

    [Fact]
    public async Task A_watch_of_nobody_is_answered_at_once()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.WatchAsync(0, "user/nobody#3", "user/w");
        var news = await peer.EnvelopeAsync();
        Assert.False(DeathWatchNotificationBody.Parser.ParseFrom(news.Message.Message).ExistenceConfirmed);
    }

    [Fact]
    public void An_acknowledgement_has_the_bytes_of_akka_net()
    {
        Assert.Equal("040000000a020a00", Convert.ToHexStringLower(ControlFrames.Ack(new(0, []))));
        Assert.Equal("0d0000000a0b0a0909ffffffffffffffff", Convert.ToHexStringLower(ControlFrames.Ack(new(-1, []))));
        Assert.Equal("2f000000" + "0a2d" + "0a2b" + "090500000000000000" + "1220" + "0100000000000000" + "0200000000000000"
            + "0300000000000000" + "0400000000000000", Convert.ToHexStringLower(ControlFrames.Ack(new(5, [1, 2, 3, 4]))));
    }

    [Fact]
    public async Task What_is_missing_is_named_below_the_highest_number_seen()
    {
        Echo("a");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.WatchAsync(0, "user/a", "user/w0");
        Assert.Equal(new AcknowledgementInfo(), await peer.AckAsync());
        await peer.WatchAsync(5, "user/a", "user/w5");
        Assert.Equal("0a2d" + "0a2b" + "090500000000000000" + "1220" + "0100000000000000" + "0200000000000000"
            + "0300000000000000" + "0400000000000000", Convert.ToHexStringLower((await NextFrame(peer))!));
        await peer.WatchAsync(2, "user/a", "user/w2");
        Assert.Equal(Ack(5, 1, 3, 4), await peer.AckAsync());
    }

    [Fact]
    public async Task The_first_one_missing_is_said_too()
    {
        Echo("a");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.WatchAsync(1, "user/a", "user/w");
        Assert.Equal(Ack(1, 0), await peer.AckAsync());
    }

    [Fact]
    public async Task Messages_are_delivered_in_order_and_once()
    {
        var actor = Echo("a");
        Echo();
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.WatchAsync(0, "user/a", "user/w1");
        await peer.WatchAsync(2, "user/a", "user/w1", undo: true);
        await peer.WatchAsync(1, "user/a", "user/w2"); // Now 1 and 2.
        await peer.WatchAsync(0, "user/a", "user/w1"); // Seen before.
        await peer.WatchAsync(1, "user/a", "user/w1"); // Seen before, as something else.
        await peer.SettleAsync("user/echo", 1);
        Sys.Stop(actor);
        Assert.Equal(peer.PathHere("user/w2"), (await peer.EnvelopeAsync()).Recipient.Path);
        await peer.SettleAsync("user/echo", 2);
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_sent_again_until_it_is()
    {
        var actor = Echo("a");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.WatchAsync(0, "user/a", "user/w");
        Sys.Stop(actor);
        for (var i = 0; i < 3; i++) Assert.Equal(0UL, (await peer.EnvelopeAsync()).Seq);
        await peer.AckAsync(0);
        await peer.WatchAsync(1, "user/nobody#1", "user/w");
        while ((await peer.EnvelopeAsync()).Seq == 0) { } // One may have been under way.
        await peer.AckAsync(1);
    }

    [Fact]
    public async Task What_the_other_side_misses_is_sent_again()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        for (var i = 0UL; i < 3; i++) await peer.WatchAsync(i, "user/nobody#1", $"user/w{i}");
        for (var i = 0UL; i < 3; i++) Assert.Equal(i, (await peer.EnvelopeAsync()).Seq);
        await peer.AckAsync(2, 1);
        Assert.Equal(peer.PathHere("user/w1"), (await peer.EnvelopeAsync(e => e.Seq == 1)).Recipient.Path);
        await peer.AckAsync(2);
    }

    [Fact]
    public async Task An_old_acknowledgement_and_that_of_nothing_do_no_harm()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.AckAsync(None);
        await peer.WatchAsync(0, "user/nobody#1", "user/w");
        Assert.Equal(0UL, (await peer.EnvelopeAsync()).Seq);
        await peer.AckAsync(0);
        await peer.AckAsync(None);
        await peer.WatchAsync(1, "user/nobody#1", "user/w");
        Assert.Equal(1UL, (await peer.EnvelopeAsync()).Seq);
    }

    [Fact]
    public async Task Numbers_go_on_over_a_new_connection_and_begin_anew_with_a_new_incarnation()
    {
        using (var first = await RawPeer.AssociatedAsync(Here, uid: 1))
        {
            await first.WatchAsync(0, "user/nobody#1", "user/w");
            Assert.Equal(0UL, (await first.EnvelopeAsync()).Seq);
            await first.AckAsync(0);
        }
        using (var again = await RawPeer.AssociatedAsync(Here, uid: 1))
        {
            await again.WatchAsync(1, "user/nobody#1", "user/w");
            Assert.Equal(1UL, (await again.EnvelopeAsync()).Seq);
            await again.AckAsync(1);
        }
        using var restarted = await RawPeer.AssociatedAsync(Here, uid: 2);
        await restarted.WatchAsync(0, "user/nobody#1", "user/w");
        Assert.Equal(0UL, (await restarted.EnvelopeAsync()).Seq);
    }

    private static AcknowledgementInfo Ack(ulong cumulative, params ulong[] nacks)
    {
        var ack = new AcknowledgementInfo { CumulativeAck = cumulative };
        ack.Nacks.AddRange(nacks);
        return ack;
    }

    private static async Task<byte[]?> NextFrame(RawPeer peer)
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < Patience;)
            if (await peer.FrameAsync() is var frame && (frame is null || frame[0] != 0x12)) return frame; // No control message.
        throw new TimeoutException("Only control messages come.");
    }
}
