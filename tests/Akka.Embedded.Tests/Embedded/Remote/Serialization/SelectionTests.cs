using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

public sealed class SelectionTests : RemoteSerializationTest
{
    [Fact]
    public void A_selection_is_a_payload_and_its_steps()
    {
        var heartbeat = new ActorSelectionMessage(RemoteWatcher.Heartbeat.Instance,
            [new SelectChildName("system"), new SelectChildName("remote-watcher")]);
        // payload 1 { serializerId 2 = 16, manifest 3 = "RWHB" }, pattern 2 { type 1 = child name, matcher 2 }
        Assert.Equal((6, "", "0a08" + "1010" + "1a04" + Hex("RWHB")
            + "120a" + "0802" + "1206" + Hex("system") + "1212" + "0802" + "120e" + Hex("remote-watcher")), Wire(heartbeat));
    }

    [Fact]
    public void All_steps_come_back()
    {
        SelectionPathElement[] steps = [SelectParent.Instance, new SelectChildName("a"), new SelectChildPattern("a*?"),
            SelectChildRecursive.Instance];
        var again = Assert.IsType<ActorSelectionMessage>(Again(new ActorSelectionMessage("x", steps)));
        Assert.Equal("x", again.Message);
        Assert.Equal(steps.Select(s => s.ToString()), again.Elements.Select(s => s.ToString()));
        Assert.Equal(steps.Select(s => s.GetType()), again.Elements.Select(s => s.GetType()));
    }

    [Fact]
    public void Messages_within_messages_end_at_a_depth_that_the_stack_bears()
    {
        object message = "x";
        for (var i = 0; i < 10; i++) message = new ActorSelectionMessage(message, []);
        Assert.IsType<ActorSelectionMessage>(Again(message));
        for (var i = 0; i < 5000; i++) message = new ActorSelectionMessage("x", [new SelectChildName("y")]);
        var bytes = Serializers.FindSerializerFor(message).ToBinary(message);
        for (var i = 0; i < 5000; i++) bytes = Wrapped(bytes);
        Assert.Throws<SerializationException>(() => Serializers.Deserialize(bytes, 6, ""));
        Assert.IsType<ActorSelectionMessage>(Again(new ActorSelectionMessage("x", [])));
    }

    [Theory]
    [InlineData("")] // No payload.
    [InlineData("0a00")] // A payload of null.
    [InlineData("0a021010" + "1200")] // No kind of step.
    public void What_is_no_selection_is_an_error(string hex) => Assert.Throws<SerializationException>(() => Read(6, "", hex));

    private static byte[] Wrapped(byte[] inner)
    {
        var body = new Akka.Remote.Serialization.Bodies.SelectionBody
        {
            Payload = new() { SerializerId = 6, Message = Google.Protobuf.ByteString.CopyFrom(inner) },
        };
        return Google.Protobuf.MessageExtensions.ToByteArray(body);
    }
}
