using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Embedded.Tests.Embedded.Remote.Wire;
using Akka.Event;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire.Proto;
using Google.Protobuf;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>Whatever comes in: one connection ends, or one message is dropped, with a line in the log; others go on.</summary>
public sealed class BadInputTests : RemoteTest
{
    private const int MaxFrame = 50_000;

    protected override string More => $$"""
        akka.remote {
          max-concurrent-handshakes = 150
          outbound-queue-bytes = 1m
          dot-netty.tcp { connection-timeout = 1s, maximum-frame-size = {{MaxFrame}}b }
        }
        """;

    [Fact]
    public async Task A_port_scanner_that_says_nothing()
    {
        await KeepLog();
        string scanner = "";
        for (var i = 0; i < 20; i++)
        {
            using var peer = await RawPeer.ConnectAsync(Here);
            scanner = peer.EndPoint;
        }
        await Logged(scanner, "before it said who it is");
        await ServesAll();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")]
    public async Task Another_protocol(string greeting)
    {
        await KeepLog();
        using var peer = await RawPeer.ConnectAsync(Here);
        await peer.SendRawAsync(Encoding.Latin1.GetBytes(greeting));
        await peer.EndAsync();
        await Logged(peer.EndPoint, "maximum-frame-size");
        await ServesAll();
    }

    [Fact]
    public async Task Random_bytes_before_and_after_the_handshake()
    {
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            using var peer = await RawPeer.ConnectAsync(Here, name: $"peer{i}");
            if (i % 2 == 0) await UnlessEnded(peer.AssociateAsync);
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            await UnlessEnded(() => i % 3 == 0 ? peer.SendFrameAsync(bytes) : peer.SendRawAsync(bytes));
        }
        await ServesAll();
    }

    [Fact]
    public async Task Frames_of_all_kinds_in_any_order()
    {
        var random = new Random(2);
        for (var i = 0; i < 100; i++)
        {
            using var peer = await RawPeer.ConnectAsync(Here, uid: i, name: $"peer{i % 7}");
            if (i % 4 != 0) await UnlessEnded(peer.AssociateAsync);
            for (var frame = 0; frame < 20; frame++) await UnlessEnded(() => peer.SendAsync(RandomFrames.Next(random)));
        }
        await ServesAll();
    }

    [Fact]
    public async Task A_frame_that_is_none()
    {
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.SendFrameAsync([0xff, 0xff, 0xff]);
        await peer.EndAsync();
        await Logged(peer.EndPoint, "frame that is none");
        await ServesAll();
    }

    [Theory]
    [InlineData("1203" + "0d0000")] // A control message that is cut: protobuf's parser runs over its end.
    [InlineData("1202" + "08ff")]
    [InlineData("1201" + "0b")]
    public async Task A_control_message_that_is_none(string hex)
    {
        await KeepLog();
        using var peer = await RawPeer.ConnectAsync(Here);
        await peer.SendFrameAsync(Convert.FromHexString(hex));
        await peer.EndAsync();
        await Logged(peer.EndPoint, "control message that is none");
        await ServesAll();
    }

    [Theory]
    [InlineData(MaxFrame - 4, true)]
    [InlineData(MaxFrame - 3, false)]
    [InlineData(int.MaxValue, false)]
    [InlineData(-1, false)]
    public async Task A_frame_of_just_the_limit_passes_and_a_longer_one_ends_the_connection(int length, bool passes)
    {
        await KeepLog();
        Witness("w");
        using var peer = await RawPeer.AssociatedAsync(Here);
        var frame = OfLength(peer, MaxFrame - 4);
        if (passes)
        {
            await peer.SendFrameAsync(frame);
            Assert.IsType<byte[]>(await Next());
            return;
        }
        await peer.SendRawAsync(BitConverter.GetBytes(length));
        await peer.EndAsync();
        await Logged(peer.Origin.ToString(), "maximum-frame-size");
        await ServesAll();
    }

    [Fact]
    public async Task A_message_of_ours_that_is_too_large_is_not_sent_and_the_association_lives()
    {
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        var there = Sys.ActorSelection(peer.PathHere("user/x")).Anchor;
        there.Tell(new byte[MaxFrame]);
        await Logged("System.Byte[]", peer.Origin.ToString(), "maximum-frame-size");
        there.Tell(new byte[] { 5 });
        Assert.Equal([5], (await peer.EnvelopeAsync()).Message.Message.ToByteArray());
    }

    [Fact]
    public async Task A_message_for_a_system_of_another_name()
    {
        Witness("w");
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        var astray = peer.Envelope("user/w", RawPeer.Bytes(1));
        astray.Recipient.Path = astray.Recipient.Path.Replace("test@", "other@", StringComparison.Ordinal);
        await peer.SendAsync(new AckAndEnvelopeContainer { Envelope = astray });
        await Logged(peer.EndPoint, "other@");
        await peer.TellAsync("user/w", RawPeer.Bytes(2));
        Assert.Equal([2], (byte[])await Next());
    }

    [Theory]
    [InlineData("#5")]
    [InlineData("user/w#x")]
    public async Task A_message_for_a_path_that_is_none(string path)
    {
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.TellAsync(path, RawPeer.Bytes(1), "#5");
        await Logged(peer.EndPoint, path);
        await peer.TellAsync("user", RawPeer.Message(16, "ID"), "temp/a");
        await peer.EnvelopeAsync();
    }

    [Fact]
    public async Task A_dialled_system_that_says_another_name()
    {
        await KeepLog();
        using var listener = new RawListener("other");
        var wrong = listener.Address.WithSystem("wanted");
        Sys.ActorSelection($"{wrong}/user/x").Tell(new byte[] { 1 });
        using var peer = await listener.AssociatedAsync(Here);
        await Logged(wrong.ToString(), listener.Address.ToString());
        await ServesAll();
    }

    [Fact]
    public async Task A_handshake_that_says_nothing_or_that_it_is_us()
    {
        await KeepLog();
        using var nobody = await RawPeer.ConnectAsync(Here);
        await nobody.SendAsync(CommandType.Associate);
        await nobody.EndAsync();
        await Logged(nobody.EndPoint, "does not say where it comes from");
        using var us = await RawPeer.ConnectAsync(Here, name: "test", port: Here.Port!.Value);
        await us.AssociateAsync();
        await us.EndAsync();
        await Logged(us.EndPoint, "says that it is this system");
        await ServesAll();
    }

    [Fact]
    public async Task An_acknowledgement_of_what_was_never_sent()
    {
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here, name: "liar");
        await peer.AckAsync(1000);
        await peer.EndAsync();
        await Logged(peer.Origin.ToString(), "quarantined");
        await ServesAll();
    }

    [Fact]
    public async Task System_messages_with_numbers_far_apart()
    {
        using var peer = await RawPeer.AssociatedAsync(Here, name: "jumper");
        await peer.WatchAsync(0, "user/x#1", "user/w");
        for (var i = 1UL; i < 100; i++)
            await UnlessEnded(() => peer.WatchAsync(i * 1_000_000_000_000, "user/x#1", "user/w"));
        await ServesAll();
    }

    [Fact]
    public async Task Messages_in_messages_without_end()
    {
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        var message = RawPeer.Message(16, "ID");
        for (var i = 0; i < 3000; i++) message = RawPeer.Message(6, "", new SelectionBody { Payload = message });
        await peer.TellAsync("user", message, "temp/a");
        await Logged(peer.EndPoint, "deep");
        await ServesAll();
    }

    [Theory]
    [InlineData("a#b")]
    [InlineData("#")]
    [InlineData("")]
    [InlineData("..")]
    public async Task A_selection_of_names_that_are_none(string name)
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.SelectAsync(RawPeer.Message(16, "ID"), "temp/a", "user", name, name);
        await peer.EnvelopeAsync();
        await ServesAll();
    }

    [Fact]
    public async Task A_peer_that_does_not_read_costs_no_more_than_the_bound_and_the_rest_are_dead_letters()
    {
        var dead = 0;
        var counter = Sys.ActorOf(Fn.Props((m, _) =>
        {
            if (m is DeadLetter { Message: byte[] }) Interlocked.Increment(ref dead);
        }));
        Sys.EventStream.Subscribe(counter, typeof(DeadLetter));
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        var there = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(peer.PathHere("user/x"));
        const int told = 2000;
        for (var i = 0; i < told; i++) there.Tell(new byte[40_000], ActorRefs.NoSender);
        await Settle(counter);
        Assert.InRange(Volatile.Read(ref dead), told / 2, told - 20); // 80 MB told; the bound is 1 MB and what the kernel takes.
        await Logged(peer.Origin.ToString(), "outbound-queue-bytes");
        var got = 0;
        for (; got < told - dead; got++) await peer.EnvelopeAsync();
        there.Tell(new byte[] { 7 }, ActorRefs.NoSender);
        Assert.Equal([7], (await peer.EnvelopeAsync()).Message.Message.ToByteArray());
    }

    [Fact]
    public async Task Ten_thousand_half_open_connections_are_bounded_in_number_and_time()
    {
        const int waves = 5, each = 2000; // In waves, so that this process has files enough for both ends.
        await KeepLog();
        using var friend = await RawPeer.AssociatedAsync(Here, name: "friend");
        Echo();
        for (var wave = 0; wave < waves; wave++)
        {
            var half = new List<RawPeer>(each);
            for (var i = 0; i < each; i++) half.Add(await RawPeer.ConnectAsync(Here));
            await UnlessEnded(() => half[^1].SendRawAsync(new byte[] { 4, 0 })); // Half of a length, if it is let in.
            await friend.SettleAsync("user/echo", (byte)wave);
            foreach (var peer in half) await peer.EndAsync();
            foreach (var peer in half) peer.Dispose();
        }
        await Logged("max-concurrent-handshakes");
        await Logged("did not say who it is");
        await friend.SettleAsync("user/echo", waves);
        await ServesAll();
    }

    // Of a body of just this length, to user/w.
    private static byte[] OfLength(RawPeer peer, int length)
    {
        var payload = length - 200;
        for (var tries = 0; tries < 10; tries++) // Where the length of a length changes, none may fit.
        {
            var body = new AkkaProtocolMessage
            {
                Payload = new AckAndEnvelopeContainer { Envelope = peer.Envelope("user/w", RawPeer.Bytes(new byte[payload])) }
                    .ToByteString(),
            }.ToByteArray();
            if (body.Length == length) return body;
            payload += length - body.Length;
        }
        throw new InvalidOperationException($"No message makes a body of {length} bytes.");
    }

    // The other side may have ended such a connection, which is its right.
    private static async Task UnlessEnded(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (SocketException)
        {
            return;
        }
    }

    private async Task ServesAll()
    {
        Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), "good");
        using var peer = await RawPeer.AssociatedAsync(Here, uid: 77, name: "good", port: 99);
        await peer.SettleAsync("user/good", 9);
    }
}
