using System.Buffers.Binary;
using Akka.Remote.Tcp;

namespace Akka.Embedded.Tests.Embedded.Remote.Tcp;

public class FrameBufferTests
{
    private const int Max = 128_000;

    [Fact]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var frames = Enumerable.Range(0, random.Next(1, 30)).Select(_ => Body(random, random.Next(3) switch
            {
                0 => random.Next(10),
                1 => random.Next(3000),
                _ => random.Next(Max - 4),
            })).ToList();
            var stream = frames.SelectMany(WithLength).ToArray();
            using var buffer = new FrameBuffer(Max);
            var read = new List<byte[]>();
            for (var at = 0; at < stream.Length;)
            {
                var free = buffer.Free;
                var count = Math.Min(Math.Min(free.Length, stream.Length - at), random.Next(1, 60_000));
                stream.AsSpan(at, count).CopyTo(free.Span);
                at += count;
                buffer.Filled(count);
                while (buffer.TryCut(out var frame)) read.Add(frame.ToArray());
            }
            Assert.Equal(frames, read);
        }
    }

    [Fact]
    public void Longest_allowed_frame_is_taken_and_one_byte_more_is_not()
    {
        using var buffer = new FrameBuffer(Max);
        Put(buffer, Max - 4);
        Assert.False(buffer.TryCut(out _)); // Its body is to come.
        using var other = new FrameBuffer(Max);
        Put(other, Max - 3);
        var e = Assert.Throws<InvalidDataException>(() => other.TryCut(out _));
        Assert.Contains("maximum-frame-size is 128000", e.Message);
    }

    [Fact]
    public void Negative_length_is_no_frame()
    {
        using var buffer = new FrameBuffer(Max);
        Put(buffer, -1);
        Assert.Throws<InvalidDataException>(() => buffer.TryCut(out _));
    }

    private static void Put(FrameBuffer buffer, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.Free.Span, length);
        buffer.Filled(4);
    }

    private static byte[] Body(Random random, int length)
    {
        var body = new byte[length];
        random.NextBytes(body);
        return body;
    }

    private static byte[] WithLength(byte[] body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }
}
