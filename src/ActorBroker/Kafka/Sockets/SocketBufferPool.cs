using System.Collections.Concurrent;
using System.Numerics;

namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Buffers for sockets in powers of two from <see cref="Smallest"/> to <see cref="Largest"/>, kept for the next user up to a
/// total. Larger ones are made for one request and left to the collector.
/// </summary>
/// <param name="maxIdleBytes">How many bytes are kept while nobody uses them.</param>
/// <param name="requests">Admits large requests.</param>
internal sealed class SocketBufferPool(long maxIdleBytes, RequestMemory requests)
{
    public const int Smallest = 8 << 10;
    public const int Largest = 8 << 20;

    private static readonly int SmallestLog2 = BitOperations.Log2(Smallest);

    private readonly ConcurrentQueue<SocketBuffer>[] _idle = MakeQueues();
    private long _idleBytes;
    private long _usedBytes;

    /// <summary>Where a large request asks for its place before it is received.</summary>
    public RequestMemory Requests { get; } = requests;

    /// <summary>Bytes in use now, for metrics and for tests that memory is bounded.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>A buffer of at least that capacity, held once.</summary>
    public SocketBuffer Rent(int capacity)
    {
        var sizeClass = SizeClassOf(capacity);
        if (sizeClass < _idle.Length && _idle[sizeClass].TryDequeue(out var buffer))
            Interlocked.Add(ref _idleBytes, -buffer.Capacity);
        else buffer = new SocketBuffer(this, sizeClass, sizeClass < _idle.Length ? Smallest << sizeClass : capacity);
        Interlocked.Add(ref _usedBytes, buffer.Capacity);
        buffer.HoldFirst();
        return buffer;
    }

    internal void Return(SocketBuffer buffer)
    {
        Interlocked.Add(ref _usedBytes, -buffer.Capacity);
        Requests.Return(buffer.Admitted);
        buffer.Admitted = 0;
        if (buffer.SizeClass >= _idle.Length) return;
        if (Interlocked.Add(ref _idleBytes, buffer.Capacity) > maxIdleBytes) Interlocked.Add(ref _idleBytes, -buffer.Capacity);
        else _idle[buffer.SizeClass].Enqueue(buffer);
    }

    private static int SizeClassOf(int capacity) =>
        capacity <= Smallest ? 0 : BitOperations.Log2((uint)capacity - 1) + 1 - SmallestLog2;

    private static ConcurrentQueue<SocketBuffer>[] MakeQueues()
    {
        var queues = new ConcurrentQueue<SocketBuffer>[BitOperations.Log2(Largest) - SmallestLog2 + 1];
        for (var i = 0; i < queues.Length; i++) queues[i] = new();
        return queues;
    }
}
