using System.Text.Json.Nodes;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>Bytes that another implementation made: they are read as the fields that went in, and written back unchanged.</summary>
public class GoldenTests
{
    public static TheoryData<ApiKey> Keys => Codecs.Keys;

    [Theory]
    [MemberData(nameof(Keys))]
    public void Bytes_of_another_implementation_are_read_and_written_alike(ApiKey key)
    {
        foreach (var (direction, version, fields, bytes) in Samples(key))
        {
            var codec = Codecs.All.Single(codec => codec.Key == key && codec.Direction == direction);
            var message = codec.Read(bytes.AsMemory(), version, out var read);

            Assert.True(read == bytes.Length, $"{codec} v{version}: {read} of {bytes.Length} bytes were read of {fields}");
            var difference = Shape.Difference(fields, Shape.Of(message));
            Assert.True(difference is null, $"{codec} v{version}: {difference}");
            Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(codec.Write(message, version)));
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

    private static IEnumerable<(string Direction, short Version, JsonNode Fields, byte[] Bytes)> Samples(ApiKey key)
    {
        using var file = typeof(GoldenTests).Assembly.GetManifestResourceStream($"Kafka/{key}.txt")!;
        using var text = new StreamReader(file);
        var lines = text.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#');
        foreach (var sample in lines.Chunk(3))
        {
            var title = sample[0].Split(' ');
            yield return (title[0], short.Parse(title[1]), JsonNode.Parse(sample[1])!, sample[2] == "-" ? [] : Convert.FromHexString(sample[2]));
        }
    }
}
