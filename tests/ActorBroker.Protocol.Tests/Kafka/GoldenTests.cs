using System.Text.Json.Nodes;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>
/// Frames that another implementation made: they are read as the fields that went in, and written back unchanged.
/// </summary>
public class GoldenTests
{
    public static TheoryData<ApiKey> Keys => Codecs.Keys;

    [Theory]
    [MemberData(nameof(Keys))]
    public void Frames_of_another_implementation_are_read_and_written_alike(ApiKey key)
    {
        foreach (var (direction, version, fields, frame) in Samples(key))
        {
            var codec = Codecs.All.Single(codec => codec.Key == key && codec.Direction == direction);
            var header = direction == "request" ? RequestHeaderOf(key, version, frame) : ResponseHeaderOf(key, version, frame);
            var body = frame[header.Length..];
            var message = codec.Read(body.AsMemory(), version, out var read);

            Assert.True(read == body.Length, $"{codec} v{version}: {read} of {body.Length} bytes were read of {fields}");
            var difference = Shape.Difference(fields, Shape.Of(message));
            Assert.True(difference is null, $"{codec} v{version}: {difference}");
            Assert.Equal(Convert.ToHexStringLower(frame),
                Convert.ToHexStringLower([.. header, .. codec.Write(message, version)]));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_version_has_golden_bytes(ApiKey key)
    {
        var samples = Samples(key).ToLookup(sample => (sample.Direction, sample.Version));
        foreach (var codec in Codecs.All.Where(codec => codec.Key == key))
            Assert.All(codec.Versions, version => Assert.NotEmpty(samples[(codec.Direction, version)]));
    }

    /// <returns>The header, written again after it was read.</returns>
    private static byte[] RequestHeaderOf(ApiKey key, short version, byte[] frame)
    {
        var wire = new WireReader(frame.AsSpan());
        var header = RequestHeader.Read(ref wire);
        Assert.Equal((key, version, 1000 + version, $"client-{version}"),
            (header.Key, header.Version, header.CorrelationId, header.ClientId));
        using var writer = new WireWriter();
        RequestHeader.Write(writer, header.Key, header.Version, header.CorrelationId, header.ClientId);
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] ResponseHeaderOf(ApiKey key, short version, byte[] frame)
    {
        var wire = new WireReader(frame.AsSpan());
        var correlationId = ResponseHeader.Read(ref wire, key, version);
        Assert.Equal(1000 + version, correlationId);
        using var writer = new WireWriter();
        ResponseHeader.Write(writer, key, version, correlationId);
        return writer.WrittenSpan.ToArray();
    }

    private static IEnumerable<(string Direction, short Version, JsonNode Fields, byte[] Frame)> Samples(ApiKey key)
    {
        using var file = typeof(GoldenTests).Assembly.GetManifestResourceStream($"Kafka/{key}.txt")!;
        using var text = new StreamReader(file);
        var lines = text.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#');
        foreach (var sample in lines.Chunk(3))
        {
            var title = sample[0].Split(' ');
            yield return (title[0], short.Parse(title[1]), JsonNode.Parse(sample[1])!, Convert.FromHexString(sample[2]));
        }
    }
}
