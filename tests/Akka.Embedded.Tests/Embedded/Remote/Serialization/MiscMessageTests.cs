using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

public sealed class MiscMessageTests : RemoteSerializationTest
{
    [Fact]
    public void Messages_without_content_have_a_name_and_no_bytes()
    {
        Assert.Equal((16, "PP", ""), Wire(PoisonPill.Instance));
        Assert.Equal((16, "K", ""), Wire(Kill.Instance));
        Assert.Equal((16, "RWHB", ""), Wire(RemoteWatcher.Heartbeat.Instance));
        Assert.Equal((16, "ID", ""), Wire(new Identify(null)));
        Assert.Same(PoisonPill.Instance, Again(PoisonPill.Instance));
        Assert.Same(Kill.Instance, Again(Kill.Instance));
        Assert.Same(RemoteWatcher.Heartbeat.Instance, Again(RemoteWatcher.Heartbeat.Instance));
        Assert.Same(LocalScope.Instance, Again(LocalScope.Instance));
    }

    [Fact]
    public void The_question_who_is_there_carries_its_id_as_a_payload()
    {
        // messageId 1 { message 1 "x", serializerId 2 = 17, manifest 3 }
        Assert.Equal((16, "ID", "0a2c" + "0a0178" + "1011" + "1a25" + Hex("System.String, System.Private.CoreLib")),
            Wire(new Identify("x")));
        Assert.Equal(new Identify("x"), Again(new Identify("x")));
        Assert.Equal(new Identify(null), Again(new Identify(null)));
    }

    [Fact]
    public void The_answer_carries_a_path_with_incarnation_or_none()
    {
        var actor = Sys.ActorOf(Fn.Props((_, _) => { }), "a");
        Assert.Equal(new ActorIdentity("x", actor), Again(new ActorIdentity("x", actor)));
        Assert.Equal(new ActorIdentity(null, null), Again(new ActorIdentity(null, null)));
        // correlationId is there, and empty, for null.
        Assert.Equal((16, "AID", "0a00"), Wire(new ActorIdentity(null, null)));
        Assert.EndsWith(Hex($"/user/a#{actor.Path.Uid}"), Wire(new ActorIdentity(null, actor)).Bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void References_are_paths_and_nobody_has_a_name_of_its_own()
    {
        var actor = Sys.ActorOf(Fn.Props((_, _) => { }));
        Assert.Equal(actor, Again(actor));
        Assert.Equal((16, "AR", "0a06" + Hex("nobody")), Wire(ActorRefs.Nobody));
        Assert.Same(ActorRefs.Nobody, Again(ActorRefs.Nobody));
    }

    [Fact]
    public void A_heartbeat_is_answered_with_the_uid()
    {
        Assert.Equal((16, "RWHR", "08" + "ade3c18602"), Wire(new RemoteWatcher.HeartbeatRsp(550_531_501)));
        Assert.Equal(550_531_501, ((RemoteWatcher.HeartbeatRsp)Again(new RemoteWatcher.HeartbeatRsp(550_531_501))).AddressUid);
    }

    [Fact]
    public void A_success_carries_its_status_and_a_failure_its_cause_and_state()
    {
        Assert.Equal("done", ((Status.Success)Again(new Status.Success("done"))).Status);
        Assert.Null(((Status.Success)Again(Status.Success.Instance)).Status);
        var failure = (Status.Failure)Again(new Status.Failure(new InvalidOperationException("no"), 42));
        Assert.Equal("no", Assert.IsType<InvalidOperationException>(failure.Cause).Message);
        Assert.Equal(42, failure.State);
    }

    [Theory]
    [InlineData("RORRP", "")]
    [InlineData("CF", "")]
    [InlineData("", "")]
    public void A_manifest_that_is_not_known_is_an_error(string manifest, string bytes) =>
        Assert.Throws<SerializationException>(() => Read(16, manifest, bytes));
}
