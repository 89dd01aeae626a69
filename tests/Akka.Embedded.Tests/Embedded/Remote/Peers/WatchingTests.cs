using Akka.Actor;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire.Proto;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>Actors here watch actors of a peer.</summary>
public sealed class WatchingTests : RemoteTest
{
    protected override string More => """
        akka.remote.watch-failure-detector {
          heartbeat-interval = 100ms
          acceptable-heartbeat-pause = 500ms
          unreachable-nodes-reaper-interval = 100ms
          expected-response-after = 100ms
        }
        """;

    [Fact]
    public async Task The_remote_watcher_watches_probes_and_watches_again_after_the_first_answer()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        await Watch(peer, "user/x#1");
        var watch = await peer.EnvelopeAsync(IsSystem);
        var body = WatchBody.Parser.ParseFrom(watch.Message.Message);
        Assert.Equal((0UL, peer.PathHere("user/x#1"), peer.PathHere("user/x#1")),
            (watch.Seq, watch.Recipient.Path, body.Watchee.Path));
        Assert.StartsWith($"{Here}/system/remote-watcher#", body.Watcher.Path, StringComparison.Ordinal);

        var probe = await peer.EnvelopeAsync(e => e.Message.SerializerId == 6);
        Assert.Equal($"{peer.Origin}/", probe.Recipient.Path);
        var selection = SelectionBody.Parser.ParseFrom(probe.Message.Message);
        Assert.Equal("RWHB", selection.Payload.MessageManifest.ToStringUtf8());
        Assert.Equal(["system", "remote-watcher"], selection.Pattern.Select(p => p.Matcher));

        await peer.AckAsync(0);
        await Answer(peer, probe);
        Assert.Equal(1UL, (await peer.EnvelopeAsync(IsSystem)).Seq);
        await peer.AckAsync(1);
        await Died(peer, body.Watcher.Path, "user/x#1", 0);
        await Expect((peer.PathHere("user/x"), true, false));
    }

    [Fact]
    public async Task A_peer_that_answers_lives_and_one_that_falls_silent_is_lost_and_quarantined()
    {
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        await Watch(peer, "user/x#1");
        for (var i = 0; i < 10; i++) await Answer(peer, await peer.EnvelopeAsync(e => e.Message.SerializerId == 6));
        Assert.DoesNotContain(Log(), l => l.Contains("is lost", StringComparison.Ordinal));
        await Expect((peer.PathHere("user/x"), false, true));
        await Logged(peer.Origin.ToString(), "is lost", "uid [7]");
        await peer.EndAsync();
        using var back = await RawPeer.ConnectAsync(Here);
        await back.AssociateAsync();
        Assert.Equal([CommandType.Associate, CommandType.DisassociateQuarantined], await back.CommandsToTheEndAsync());
    }

    [Fact]
    public async Task A_system_that_nobody_can_reach_is_lost()
    {
        using var listener = new RawListener("gone");
        listener.Dispose();
        var watcher = Watcher();
        watcher.Tell(((ExtendedActorSystem)Sys).Provider.ResolveActorRef($"{listener.Address}/user/x#1"));
        await Expect(($"{listener.Address}/user/x", false, true));
    }

    [Fact]
    public async Task A_watcher_that_stops_ends_the_watch_and_the_probes()
    {
        Echo();
        using var peer = await RawPeer.AssociatedAsync(Here);
        var watcher = await Watch(peer, "user/x#1");
        Assert.Equal(0UL, (await peer.EnvelopeAsync(IsSystem)).Seq);
        await peer.AckAsync(0);
        Sys.Stop(watcher);
        var unwatch = await peer.EnvelopeAsync(IsSystem);
        Assert.Equal((1UL, "Akka.Dispatch.SysMsg.Unwatch, Akka"), (unwatch.Seq, unwatch.Message.MessageManifest.ToStringUtf8()));
        await peer.AckAsync(1);
    }

    [Fact]
    public async Task An_actor_forgets_its_watchers_of_an_incarnation_that_was_replaced()
    {
        var actor = Echo("a");
        using (var old = await RawPeer.AssociatedAsync(Here, uid: 1))
        {
            await old.WatchAsync(0, "user/a", "user/w1");
            await old.SettleAsync("user/a", 1);
        }
        using var restarted = await RawPeer.AssociatedAsync(Here, uid: 2);
        await restarted.WatchAsync(0, "user/a", "user/w2");
        await restarted.SettleAsync("user/a", 2);
        Sys.Stop(actor);
        Assert.Equal(restarted.PathHere("user/w2"), (await restarted.EnvelopeAsync(IsSystem)).Recipient.Path);
        await restarted.AckAsync(0);
        await restarted.SelectAsync(RawPeer.Message(16, "ID"), "temp/a", "user");
        Assert.Equal(RawPeer.Unsequenced, (await restarted.EnvelopeAsync()).Seq);
    }

    private static bool IsSystem(RemoteEnvelope envelope) => envelope.Seq != RawPeer.Unsequenced;

    private IActorRef Watcher() => Sys.ActorOf(Fn.Props((m, c) =>
    {
        if (m is IActorRef other) c.Watch(other);
        else if (m is Terminated t) Saw((t.ActorRef.Path.ToString(), t.ExistenceConfirmed, t.AddressTerminated));
    }));

    private async Task<IActorRef> Watch(RawPeer peer, string path)
    {
        var watcher = Watcher();
        watcher.Tell(((ExtendedActorSystem)Sys).Provider.ResolveActorRef(peer.PathHere(path)));
        await Settle(watcher);
        return watcher;
    }

    private Task Answer(RawPeer peer, RemoteEnvelope probe) => peer.TellAsync(probe.Sender.Path[$"{Here}/".Length..],
        RawPeer.Message(16, "RWHR", new HeartbeatResponseBody { Uid = (ulong)peer.Uid }), "system/remote-watcher#9");

    private Task Died(RawPeer peer, string watcher, string actor, ulong seq) => peer.TellAsync(watcher[$"{Here}/".Length..],
        RawPeer.Message(22, "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka", new DeathWatchNotificationBody
        {
            Actor = new ActorRefData { Path = peer.PathHere(actor) },
            ExistenceConfirmed = true,
        }), seq: seq);
}
