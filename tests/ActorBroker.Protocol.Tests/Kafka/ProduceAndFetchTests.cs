using System.Text;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>The forms of Produce and Fetch that the broker's hot path uses agree with the plain codecs.</summary>
public class ProduceAndFetchTests
{
    private static readonly short[] ProduceVersions = [3, 8, 9, 12, 13];
    private static readonly short[] FetchVersions = [4, 7, 11, 12, 13, 16, 17];

    public static TheoryData<short> OfProduce => [.. ProduceVersions];

    public static TheoryData<short> OfFetch => [.. FetchVersions];

    [Theory]
    [MemberData(nameof(OfProduce))]
    public void Walking_a_Produce_request_finds_what_reading_it_finds(short version)
    {
        var codec = Codecs.All.Single(codec => codec.Message == typeof(ProduceRequest));
        var messages = new RandomMessages(version);
        for (var i = 0; i < 100; i++)
        {
            var frame = codec.Write(messages.Next(codec, version), version);
            var request = (ProduceRequest)codec.Read(frame, version);
            var walk = new ProduceRequestReader(new WireReader(frame.AsSpan()), version);

            Assert.Equal((request.TransactionalId, request.Acks, request.TimeoutMs),
                (walk.TransactionalId, walk.Acks, walk.TimeoutMs));
            Assert.Equal(request.TopicData.Sum(topic => topic.PartitionData.Length), walk.CountPartitions());
            foreach (var topic in request.TopicData)
            {
                Assert.True(walk.NextTopic());
                Assert.Equal((topic.Name, topic.TopicId), (Encoding.UTF8.GetString(walk.TopicNameUtf8), walk.TopicId));
                foreach (var partition in topic.PartitionData)
                {
                    Assert.True(walk.NextPartition());
                    Assert.Equal(partition.Index, walk.PartitionIndex);
                    Assert.Equal(partition.Records?.ToArray(), walk.Records?.Of(frame).ToArray());
                }

                Assert.False(walk.NextPartition());
            }

            Assert.False(walk.NextTopic());
            Assert.False(walk.NextTopic());
        }
    }

    [Fact]
    public void Partitions_that_the_walk_does_not_look_at_are_passed_over()
    {
        var request = new ProduceRequest
        {
            TopicData = [new("a", default, [new(0, null), new(1, null)]), new("b", default, [new(2, null)])],
        };
        using var wire = new WireWriter();
        request.Write(wire, version: 9);
        var walk = new ProduceRequestReader(new WireReader(wire.WrittenSpan), version: 9);
        Assert.True(walk.NextTopic());
        Assert.True(walk.NextPartition());
        Assert.True(walk.NextTopic());
        Assert.Equal("b", Encoding.UTF8.GetString(walk.TopicNameUtf8));
        Assert.True(walk.NextPartition());
        Assert.Equal(2, walk.PartitionIndex);
    }

    [Fact]
    public void Walking_a_Produce_request_allocates_nothing()
    {
        var partitions = Enumerable.Range(0, 50).Select(i => new ProduceRequest.Partition(i, new byte[10])).ToArray();
        using var wire = new WireWriter();
        new ProduceRequest { Acks = -1, TopicData = [new("orders", default, partitions)] }.Write(wire, version: 9);
        Assert.Equal(500, Walk(wire.WrittenSpan));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(wire.WrittenSpan);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static int Walk(ReadOnlySpan<byte> frame)
        {
            var bytes = 0;
            var walk = new ProduceRequestReader(new WireReader(frame), version: 9);
            while (walk.NextTopic())
                while (walk.NextPartition()) bytes += walk.Records.GetValueOrDefault().Length;
            return bytes;
        }
    }

    [Theory]
    [MemberData(nameof(OfFetch))]
    public void A_Fetch_response_written_around_file_ranges_is_the_whole_response(short version)
    {
        var codec = Codecs.All.Single(codec => codec.Message == typeof(FetchResponse));
        var messages = new RandomMessages(version);
        for (var i = 0; i < 50; i++)
        {
            var response = (FetchResponse)messages.Next(codec, version);
            Assert.Equal(Convert.ToHexString(codec.Write(response, version)),
                Convert.ToHexString(SentInPieces(response, version)));
        }
    }

    [Theory]
    [MemberData(nameof(OfFetch))]
    public void Records_of_a_Fetch_response_are_empty_but_never_null(short version)
    {
        var response =
            new FetchResponse { Responses = [new("a", new TopicId(1), [new(new FetchResponse.PartitionHead(), default)])] };
        using var wire = new WireWriter();
        response.Write(wire, version);
        // Length, and the tags of partition, topic and response
        var expected = version >= 12 ? "01" + "00" + "00" + "00" : "00000000";
        Assert.EndsWith(expected, Convert.ToHexStringLower(wire.WrittenSpan));
    }

    /// <summary>As a connection sends it: the frame's size first, then what was written, with the records at the cuts.</summary>
    private static byte[] SentInPieces(FetchResponse response, short version)
    {
        using var wire = new WireWriter(16);
        var cuts = new List<(int At, ReadOnlyMemory<byte> Records)>();
        var frame = wire.BeginFrame();
        var writer = new FetchResponseWriter(wire, version);
        writer.Begin(response.ThrottleTimeMs, response.ErrorCode, response.SessionId, response.Responses.Length);
        foreach (var topic in response.Responses)
        {
            writer.Topic(topic.Name, topic.TopicId, topic.Partitions.Length);
            foreach (var partition in topic.Partitions)
            {
                writer.Partition(partition.Head, partition.Records.Length);
                cuts.Add((wire.Length, partition.Records));
                writer.EndPartition(partition.Head);
            }

            writer.EndTopic();
        }

        writer.End(response.NodeEndpoints);
        wire.EndFrame(frame, cuts.Sum(cut => cut.Records.Length));

        var sent = new List<byte>();
        var from = 0;
        foreach (var (at, records) in cuts)
        {
            sent.AddRange(wire.WrittenSpan[from..at]);
            sent.AddRange(records.Span);
            from = at;
        }

        sent.AddRange(wire.WrittenSpan[from..]);
        var bytes = sent.ToArray();
        Assert.Equal(bytes.Length - sizeof(int), new WireReader(bytes.AsSpan()).Int32());
        return bytes[sizeof(int)..];
    }
}
