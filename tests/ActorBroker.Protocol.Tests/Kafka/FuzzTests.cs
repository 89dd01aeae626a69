using System.Buffers.Binary;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>
/// Random and damaged bytes into the frame's header and into each decoder: only <see cref="WireException"/> comes out, and
/// what is allocated is in proportion to what came in. 50,000 cases; a million with ACTORBROKER_LONG_TESTS=1.
/// </summary>
public class FuzzTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("ACTORBROKER_LONG_TESTS") == "1" ? 1_000_000 : 50_000;

    [Fact]
    public void Random_bytes_behind_any_header_are_read_or_refused()
    {
        var random = new Random(1);
        for (var i = 0; i < Cases; i++)
        {
            var codec = Codecs.All[random.Next(Codecs.All.Length)];
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            if (random.Next(2) == 0) MakeSmall(body);
            ReadOrRefuse(codec, (short)random.Next(codec.Min, codec.Max + 1), body, i);
        }
    }

    [Fact]
    public void Damaged_messages_are_read_or_refused()
    {
        var messages = new RandomMessages(seed: 2);
        for (var i = 0; i < Cases;)
        {
            var codec = Codecs.All[messages.Random.Next(Codecs.All.Length)];
            var version = (short)messages.Random.Next(codec.Min, codec.Max + 1);
            var bytes = codec.Write(messages.Next(codec, version), version);
            for (var damage = 0; damage < 20; damage++, i++) ReadOrRefuse(codec, version, Damaged(bytes, messages.Random), i);
        }
    }

    [Fact]
    public void Random_frames_are_read_or_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < Cases; i++)
        {
            var frame = new byte[random.Next(100)];
            random.NextBytes(frame);
            if (frame.Length > 3 && random.Next(4) != 0)
            {
                BinaryPrimitives.WriteInt16BigEndian(frame, (short)random.Next(80));
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(2), (short)random.Next(20));
            }

            ReadOrRefuse(frame, i);
        }
    }

    [Fact]
    public void The_walking_reader_of_Produce_refuses_what_the_codec_refuses()
    {
        var codec = Codecs.All.Single(codec => codec.Message == typeof(ProduceRequest));
        var messages = new RandomMessages(seed: 4);
        for (var i = 0; i < Cases / 5; i++)
        {
            var version = (short)messages.Random.Next(codec.Min, codec.Max + 1);
            var bytes = Damaged(codec.Write(messages.Next(codec, version), version), messages.Random);
            Assert.Equal(
                IsRead(() => codec.Read(bytes, version)),
                IsRead(() => new ProduceRequestReader(new WireReader(bytes.AsSpan()), version).CountPartitions()));
        }
    }

    private static bool IsRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (WireException)
        {
            return false;
        }
    }

    private static void ReadOrRefuse(Codec codec, short version, byte[] body, int number)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            codec.Read(body, version);
        }
        catch (WireException)
        {
        }
        catch (Exception e)
        {
            Assert.Fail($"Case {number}, {codec} v{version}, {Convert.ToHexString(body)}: {e}");
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(
            allocated < 100_000 + (200 * body.Length),
            $"Case {number}, {codec} v{version}: {allocated} bytes allocated for {body.Length}");
    }

    private static void ReadOrRefuse(byte[] frame, int number)
    {
        try
        {
            var wire = new WireReader(frame.AsMemory());
            var header = RequestHeader.Read(ref wire);
            if (!ApiVersionTable.Serves(header.Key, header.Version)) return;
            var key = header.Key;
            Codecs.All.Single(codec => codec.Key == key && codec.Direction == "request")
                .Read(frame[wire.Position..], header.Version);
        }
        catch (WireException)
        {
        }
        catch (Exception e)
        {
            Assert.Fail($"Case {number}, {Convert.ToHexString(frame)}: {e}");
        }
    }

    /// <summary>Small numbers are valid lengths more often, so that more of the decoder is reached.</summary>
    private static void MakeSmall(byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= 0x03;
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        var damaged = bytes.ToArray();
        for (var times = random.Next(1, 4); times > 0 && damaged.Length > 0; times--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(5))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 2:
                    damaged = damaged[..at];
                    break;
                case 3:
                    damaged = [.. damaged[..at], .. damaged[random.Next(damaged.Length)..]];
                    break;
                default:
                    Span<byte> length = damaged.AsSpan(at, Math.Min(4, damaged.Length - at));
                    length.Fill(0xff);
                    if (random.Next(2) == 0) length[0] = 0x7f;
                    break;
            }
        }

        return damaged;
    }
}
