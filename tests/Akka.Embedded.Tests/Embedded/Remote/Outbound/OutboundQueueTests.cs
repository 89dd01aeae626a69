using Akka.Remote.Outbound;
using Akka.Remote.Wire;

namespace Akka.Embedded.Tests.Embedded.Remote.Outbound;

public class OutboundQueueTests
{
    private static readonly object Writer = new();

    [Fact]
    public void Frames_leave_in_order_small_and_large_ones()
    {
        var random = new Random(5);
        var queue = Queue(long.MaxValue);
        var expected = new List<byte[]>();
        for (var i = 0; i < 2000; i++)
        {
            var payload = new byte[random.Next(4) == 0 ? random.Next(50_000) : random.Next(200)];
            random.NextBytes(payload);
            expected.Add(Add(queue, payload).Frame);
        }
        Assert.Equal(expected.SelectMany(f => f), TakeAll(queue));
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void Frames_that_nobody_takes_come_back_one_by_one()
    {
        var random = new Random(6);
        var queue = Queue(long.MaxValue);
        var expected = new List<byte[]>();
        for (var i = 0; i < 500; i++)
        {
            var payload = new byte[random.Next(4) == 0 ? random.Next(50_000) : random.Next(200)];
            expected.Add(Add(queue, payload).Frame[4..]);
        }
        Assert.Equal(expected, queue.Refuse(QueueState.Refusing));
        Assert.Equal(QueueVerdict.Refused, Add(queue, []).Verdict);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void Queue_is_bounded_by_bytes()
    {
        var queue = Queue(10_000);
        Assert.Equal(QueueVerdict.Added, Add(queue, new byte[6_000]).Verdict);
        Assert.Equal(QueueVerdict.Full, Add(queue, new byte[6_000]).Verdict);
        Assert.Equal(QueueVerdict.Added, Add(queue, new byte[100]).Verdict);
        TakeAll(queue);
        Assert.Equal(QueueVerdict.Added, Add(queue, new byte[6_000]).Verdict);
    }

    [Fact]
    public void Message_larger_than_the_bound_passes_alone() =>
        Assert.Equal(QueueVerdict.Added, Add(Queue(10), new byte[6_000]).Verdict);

    [Fact]
    public void Flush_ends_at_the_end_of_a_frame()
    {
        var queue = Queue(long.MaxValue);
        for (var i = 0; i < 300; i++) Add(queue, new byte[5_000 + i]);
        var batch = new Batch();
        while (queue.Take(Writer, batch))
        {
            var taken = batch.Segments.SelectMany(s => s).ToArray();
            batch.Release();
            var at = 0;
            while (at < taken.Length) at += 4 + BitConverter.ToInt32(taken, at);
            Assert.Equal(taken.Length, at);
        }
    }

    [Fact]
    public void What_is_urgent_overtakes()
    {
        var queue = Queue(10_000);
        Add(queue, new byte[100]);
        Assert.Equal(QueueVerdict.Added, queue.AddPriority([1], out _));
        queue.AddSystem(new SystemFrame([2], 0, "watch", null!));
        queue.SetAck([3]);
        Assert.Equal([3, 1, 2], TakeAll(queue).Take(3).Select(b => (int)b));
    }

    [Fact]
    public void System_message_waits_once_however_often_it_is_sent_again()
    {
        var queue = Queue(10_000);
        var frame = new SystemFrame([2], 0, "watch", null!);
        queue.AddSystem(frame);
        queue.AddSystem(frame);
        Assert.Equal([2], TakeAll(queue));
        queue.AddSystem(frame);
        Assert.Equal([2], TakeAll(queue));
    }

    [Fact]
    public void One_taker_at_a_time()
    {
        var queue = Queue(10_000);
        Add(queue, new byte[100]);
        var other = new object();
        queue.Accept(other);
        Assert.False(queue.Take(Writer, new Batch()));
        Assert.True(queue.Take(other, new Batch()));
        queue.Accept(null);
        Assert.False(queue.HasFor(other));
    }

    private static OutboundQueue Queue(long maxBytes)
    {
        var queue = new OutboundQueue(maxBytes);
        queue.Accept(Writer);
        return queue;
    }

    private static (QueueVerdict Verdict, byte[] Frame) Add(OutboundQueue queue, byte[] payload)
    {
        var header = new EnvelopeWriter("akka.tcp://b@h:1/user/x"u8, default, 4, default, payload.Length, Frame.Unsequenced);
        var verdict = queue.Add(header, payload, out var taker);
        if (verdict == QueueVerdict.Added) Assert.Same(Writer, taker);
        var frame = new byte[header.FrameLength];
        header.WriteHeader(frame);
        payload.CopyTo(frame, header.HeaderLength);
        return (verdict, frame);
    }

    private static byte[] TakeAll(OutboundQueue queue)
    {
        var all = new List<byte>();
        var batch = new Batch();
        while (queue.Take(Writer, batch))
        {
            foreach (var segment in batch.Segments) all.AddRange(segment);
            batch.Release();
        }
        return [.. all];
    }
}
