using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Akka.Embedded.Tests.Serialization;

public sealed class SerializationTests : Akka.TestKit.Xunit2.TestKit
{
    public SerializationTests()
        : base(ConfigurationFactory.ParseString("""
            akka.actor {
              serializers { words = "Akka.Embedded.Tests.Serialization.WordSerializer, Akka.Embedded.Tests" }
              serialization-bindings {
                "Akka.Embedded.Tests.Serialization.IWord, Akka.Embedded.Tests" = words
              }
              serialization-identifiers { "Akka.Embedded.Tests.Serialization.WordSerializer, Akka.Embedded.Tests" = 101 }
            }
            """)) { }

    [Fact]
    public void An_object_goes_through_the_serializer_bound_to_its_interface()
    {
        var serializer = Sys.Serialization.FindSerializerFor(new Word("x", TestActor));
        Assert.Equal(101, serializer.Identifier);
        var word = new Word("hello", TestActor);
        var bytes = Sys.Serialization.Serialize(word);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, word);
        Assert.Equal("w", manifest);
        var back = Assert.IsType<Word>(Sys.Serialization.Deserialize(bytes, 101, manifest));
        Assert.Equal("hello", back.Text);
        Assert.Equal(TestActor, back.From);
    }

    [Theory]
    [InlineData("text")]
    [InlineData(42)]
    [InlineData(42L)]
    public void Primitives_have_a_serializer_of_number_17(object value)
    {
        var serializer = Sys.Serialization.FindSerializerFor(value);
        Assert.Equal(17, serializer.Identifier);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, value);
        Assert.Equal(value, Sys.Serialization.Deserialize(Sys.Serialization.Serialize(value), 17, manifest));
    }

    [Fact]
    public void Bytes_are_not_copied()
    {
        var bytes = new byte[] { 1, 2, 3 };
        Assert.Equal(4, Sys.Serialization.FindSerializerFor(bytes).Identifier);
        Assert.Same(bytes, Sys.Serialization.Serialize(bytes));
    }

    [Fact]
    public void Null_is_number_0() => Assert.Equal(0, Sys.Serialization.FindSerializerFor(null!).Identifier);

    [Fact]
    public void An_unknown_serializer_id_is_an_error() =>
        Assert.Throws<System.Runtime.Serialization.SerializationException>(() => Sys.Serialization.Deserialize([], 12345, "x"));

    [Fact]
    public void References_are_written_with_the_address_they_are_reached_at()
    {
        var address = new Address("akka.tcp", Sys.Name, "host", 4711);
        var path = Akka.Serialization.Serialization.WithTransport(Sys, address,
            () => Akka.Serialization.Serialization.SerializedActorPath(TestActor));
        Assert.StartsWith($"akka.tcp://{Sys.Name}@host:4711/system/", path, StringComparison.Ordinal);
        Assert.EndsWith($"#{TestActor.Path.Uid}", path, StringComparison.Ordinal);
    }
}

public interface IWord;

public sealed record Word(string Text, IActorRef From) : IWord;

public sealed class WordSerializer : SerializerWithStringManifest
{
    public WordSerializer(ExtendedActorSystem system) : base(system) { }

    public override string Manifest(object o) => "w";

    public override byte[] ToBinary(object obj)
    {
        var word = (Word)obj;
        return Encoding.UTF8.GetBytes($"{word.Text}\n{Akka.Serialization.Serialization.SerializedActorPath(word.From)}");
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split('\n');
        return new Word(parts[0], system.Provider.ResolveActorRef(parts[1]));
    }
}
