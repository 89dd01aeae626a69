using System.Runtime.Serialization;
using Akka.Remote.Serialization;
using Google.Protobuf.WellKnownTypes;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

public sealed class ProtobufTests : RemoteSerializationTest
{
    protected override string Hocon => Akka.Configuration.ConfigurationFactory.ParseString("""
        akka.actor.serialization-bindings { "Google.Protobuf.WellKnownTypes.Duration, Google.Protobuf" = proto }
        """).WithFallback(RemoteSerialization.DefaultConfig()).ToString(true);

    [Fact]
    public void A_bound_message_travels_with_the_name_of_its_type()
    {
        var duration = new Duration { Seconds = 5 };
        Assert.Equal((2, "Google.Protobuf.WellKnownTypes.Duration, Google.Protobuf", "0805"), Wire(duration));
        Assert.Equal(duration, Again(duration));
        Assert.Equal(duration, Read(2, "Google.Protobuf.WellKnownTypes.Duration, Google.Protobuf, Version=3.25.1.0", "0805"));
    }

    [Fact]
    public void A_message_that_is_not_bound_by_name_is_sent_but_not_read()
    {
        Assert.Equal("0805", Wire(new Timestamp { Seconds = 5 }).Bytes);
        var error = Assert.Throws<SerializationException>(() => Again(new Timestamp { Seconds = 5 }));
        Assert.Contains("serialization-bindings { \"Google.Protobuf.WellKnownTypes.Timestamp, Google.Protobuf\"", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.Text.StringBuilder, System.Private.CoreLib")]
    [InlineData("Google.Protobuf.IMessage, Google.Protobuf")]
    [InlineData("")]
    public void Nothing_else_is_made(string manifest) => Assert.Throws<SerializationException>(() => Read(2, manifest, ""));
}
