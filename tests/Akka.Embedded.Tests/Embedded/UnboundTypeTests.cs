using System.Runtime.Serialization;

namespace Akka.Embedded.Tests.Embedded;

/// <summary>Where the embedded runtime differs on purpose: it has no serializer for any object.</summary>
public sealed class UnboundTypeTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_type_without_a_binding_is_an_error_that_says_what_to_bind()
    {
        var error = Assert.Throws<SerializationException>(() => Sys.Serialization.FindSerializerFor(new Uri("http://host")));
        Assert.Contains("serialization-bindings { \"System.Uri, System.Private.Uri\" =", error.Message, StringComparison.Ordinal);
    }
}
