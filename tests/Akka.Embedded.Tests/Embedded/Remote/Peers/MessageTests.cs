using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire.Proto;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

public sealed class MessageTests : RemoteTest
{
    [Fact]
    public async Task Identify_by_a_selection_from_the_root_is_answered_with_path_and_incarnation()
    {
        var actor = Echo("sink");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.SelectAsync(RawPeer.Message(16, "ID"), "temp/a", "user", "sink");
        var answer = await peer.EnvelopeAsync();
        Assert.Equal((peer.PathHere("temp/a"), RawPeer.Unsequenced), (answer.Recipient.Path, answer.Seq));
        Assert.Equal((16, "AID"), (answer.Message.SerializerId, answer.Message.MessageManifest.ToStringUtf8()));
        Assert.Equal($"{Here}/user/sink#{actor.Path.Uid}", ActorIdentityBody.Parser.ParseFrom(answer.Message.Message).Path);
        Assert.Equal($"{Here}/user/sink#{actor.Path.Uid}", answer.Sender.Path);
    }

    [Fact]
    public async Task Identify_told_to_the_path_is_answered_too_and_where_nobody_is_with_nobody()
    {
        Echo("sink");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.TellAsync("user/sink", RawPeer.Message(16, "ID"), "temp/a");
        Assert.StartsWith($"{Here}/user/sink#", Path(await peer.EnvelopeAsync()), StringComparison.Ordinal);
        await peer.SelectAsync(RawPeer.Message(16, "ID"), "temp/b", "user", "nobody");
        Assert.Equal("", Path(await peer.EnvelopeAsync()));

        static string Path(RemoteEnvelope e) => ActorIdentityBody.Parser.ParseFrom(e.Message.Message).Path;
    }

    [Fact]
    public async Task A_message_without_sender_comes_from_dead_letters()
    {
        Sys.ActorOf(Fn.Props((m, c) => Saw((((byte[])m)[0], c.Sender))), "a");
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.TellAsync("user/a", RawPeer.Bytes(5));
        await Expect(((byte)5, Sys.DeadLetters));
    }

    [Fact]
    public async Task An_ask_is_answered_to_the_path_of_its_sender()
    {
        var actor = Echo("a");
        using var peer = await RawPeer.AssociatedAsync(Here);
        var question = RawPeer.Message(17, "S");
        question.Message = Utf8("hello");
        await peer.TellAsync("user/a", question, "temp/ask-1");
        var answer = await peer.EnvelopeAsync();
        Assert.Equal((peer.PathHere("temp/ask-1"), 17, "hello", RawPeer.Unsequenced),
            (answer.Recipient.Path, answer.Message.SerializerId, answer.Message.Message.ToStringUtf8(), answer.Seq));
        Assert.Equal($"{Here}/user/a#{actor.Path.Uid}", answer.Sender.Path);
    }

    [Fact]
    public async Task An_ask_of_ours_is_answered_by_its_temporary_path()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        var asked = Sys.ActorSelection($"{peer.Origin}/user/x").Ask<string>(new byte[] { 1 }, Patience);
        var question = await peer.EnvelopeAsync();
        Assert.StartsWith($"{Here}/temp/", question.Sender.Path, StringComparison.Ordinal);
        var answer = RawPeer.Message(17, "S");
        answer.Message = Utf8("yes");
        await peer.TellAsync(question.Sender.Path[$"{Here}/".Length..], answer, "user/x");
        Assert.Equal("yes", await asked);
    }

    [Fact]
    public async Task References_within_messages_lead_back()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        Sys.ActorOf(Fn.Props((m, c) => ((IActorRef)m).Tell(c.Self)), "a");
        await peer.TellAsync("user/a", RawPeer.Message(16, "AR", new ActorRefData { Path = peer.PathHere("user/x#1") }));
        var answer = await peer.EnvelopeAsync();
        Assert.Equal(peer.PathHere("user/x#1"), answer.Recipient.Path);
        var path = ActorRefData.Parser.ParseFrom(answer.Message.Message).Path;
        Assert.StartsWith($"{Here}/user/a#", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_incarnation_of_an_actor_and_another_name_of_the_host_get_nothing()
    {
        Witness("a");
        Sys.EventStream.Subscribe(Witness("letters"), typeof(DeadLetter));
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.TellAsync("user/a#12345", RawPeer.Bytes(1));
        Assert.Equal([1], (byte[])((DeadLetter)await Next()).Message);
        await KeepLog();
        var astray = peer.Envelope("user/a", RawPeer.Bytes(2));
        astray.Recipient.Path = $"akka.tcp://test@localhost:{Here.Port}/user/a";
        await peer.SendAsync(new AckAndEnvelopeContainer { Envelope = astray });
        await Logged("localhost", peer.EndPoint);
        await peer.TellAsync("user/a", RawPeer.Bytes(3));
        Assert.Equal([3], (byte[])await Next());
    }

    [Fact]
    public async Task Heartbeats_of_a_remote_watcher_are_answered_with_the_uid()
    {
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.SelectAsync(RawPeer.Message(16, "RWHB"), "system/remote-watcher#9", "system", "remote-watcher");
        var answer = await peer.EnvelopeAsync();
        Assert.Equal((peer.PathHere("system/remote-watcher#9"), "RWHR"),
            (answer.Recipient.Path, answer.Message.MessageManifest.ToStringUtf8()));
        Assert.Equal((ulong)AddressUidExtension.Uid(Sys), HeartbeatResponseBody.Parser.ParseFrom(answer.Message.Message).Uid);
    }

    [Theory]
    [InlineData(4711, "x", "4711")]
    [InlineData(16, "NONSENSE", "NONSENSE")]
    [InlineData(22, "System.IO.FileInfo, System.Private.CoreLib", "FileInfo")]
    [InlineData(2, "System.IO.FileInfo, System.Private.CoreLib", "FileInfo")]
    public async Task A_message_that_nobody_can_read_is_dropped_and_logged(int serializer, string manifest, string word)
    {
        Echo();
        await KeepLog();
        using var peer = await RawPeer.AssociatedAsync(Here);
        await peer.TellAsync("user/echo", RawPeer.Message(serializer, manifest), "temp/a");
        await Logged(word, peer.EndPoint);
        await peer.SettleAsync("user/echo", 1);
    }

    private static Google.Protobuf.ByteString Utf8(string text) => Google.Protobuf.ByteString.CopyFrom(text, Encoding.UTF8);
}
