using Akka.Actor;
using Akka.Remote.Serialization;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

/// <summary>A local system with the serializers of a remote one.</summary>
public abstract class RemoteSerializationTest : SystemTest
{
    protected override string Hocon => RemoteSerialization.DefaultConfig().ToString(false);

    private protected Akka.Serialization.Serialization Serializers => Sys.Serialization;

    /// <summary>The message after its way over the wire, in the types' own manifest.</summary>
    protected object Again(object message)
    {
        var serializer = Serializers.FindSerializerFor(message);
        return Serializers.Deserialize(serializer.ToBinary(message), serializer.Identifier,
            Akka.Serialization.Serialization.ManifestFor(serializer, message));
    }

    /// <summary>Number, manifest and bytes in hex.</summary>
    protected (int Id, string Manifest, string Bytes) Wire(object message)
    {
        var serializer = Serializers.FindSerializerFor(message);
        return (serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message),
            Convert.ToHexStringLower(serializer.ToBinary(message)));
    }

    protected object Read(int id, string manifest, string hex) =>
        Serializers.Deserialize(Convert.FromHexString(hex), id, manifest);

    protected static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text));
}
