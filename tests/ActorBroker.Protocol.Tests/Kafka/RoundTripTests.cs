using System.Text.Json.Nodes;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

public class RoundTripTests
{
    private const int MessagesPerVersion = 30;

    public static TheoryData<ApiKey> Keys => Codecs.Keys;

    [Theory]
    [MemberData(nameof(Keys))]
    public void What_was_written_is_read_to_the_last_byte_and_written_again_alike(ApiKey key) =>
        ForEachMessage(key, (codec, version, bytes) =>
    {
        var message = codec.Read(bytes.AsMemory(), version, out var read);
        Assert.Equal(bytes.Length, read);
        Assert.Equal(bytes, codec.Write(message, version));
    });

    [Theory]
    [MemberData(nameof(Keys))]
    public void Reading_from_a_span_gives_the_same_as_reading_from_memory(ApiKey key) =>
        ForEachMessage(key, (codec, version, bytes) =>
        Assert.True(JsonNode.DeepEquals(Shape.Of(codec.Read(bytes, version)), Shape.Of(codec.Read(bytes.AsSpan(), version)))));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Any_part_of_a_message_is_refused(ApiKey key) => ForEachMessage(key, (codec, version, bytes) =>
    {
        for (var length = 0; length < bytes.Length; length += 1 + (bytes.Length / 50))
        {
            var part = bytes[..length];
            Assert.Throws<WireException>(() => codec.Read(part, version));
        }
    });

    [Theory]
    [MemberData(nameof(Keys))]
    public void Tagged_fields_that_are_not_known_are_skipped(ApiKey key) => ForEachMessage(key, (codec, version, bytes) =>
    {
        var plain = codec.Read(bytes, version);
        if (!codec.IsFlexible(version) || EndsWithTags(plain)) return;

        // The last byte says that there are no tagged fields; now there are two: number 101 of 3 bytes, and 240 of none.
        byte[] tagged = [.. bytes[..^1], 2, 101, 3, 0xff, 0xff, 0xff, 0xf0, 0x01, 0];
        var message = codec.Read(tagged.AsMemory(), version, out var read);
        Assert.Equal(tagged.Length, read);
        Assert.True(JsonNode.DeepEquals(Shape.Of(plain), Shape.Of(message)));
        Assert.Equal(bytes, codec.Write(message, version));
    });

    private static bool EndsWithTags(object message) => message switch
    {
        ProduceResponse produce => produce.NodeEndpoints.Length > 0,
        FetchRequest fetch => fetch.ClusterId is not null || !fetch.ReplicaId.IsNone || fetch.ReplicaEpoch != -1,
        FetchResponse fetch => fetch.NodeEndpoints.Length > 0,
        ApiVersionsResponse => true,
        _ => false,
    };

    private static void ForEachMessage(ApiKey key, Action<Codec, short, byte[]> check)
    {
        foreach (var codec in Codecs.All.Where(codec => codec.Key == key))
            foreach (var version in codec.Versions)
            {
                var messages = new RandomMessages(seed: (int)key * 100 + version);
                for (var i = 0; i < MessagesPerVersion; i++)
                    check(codec, version, codec.Write(messages.Next(codec, version), version));
            }
    }
}
