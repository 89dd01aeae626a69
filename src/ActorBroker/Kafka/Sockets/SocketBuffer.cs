namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Pinned bytes that a socket receives into. Requests are used where they lie, so a buffer is shared: the reader holds it while
/// it receives, each frame holds it until its request is done. The last <see cref="Release"/> returns it to its pool.
/// </summary>
internal sealed class SocketBuffer
{
    private readonly SocketBufferPool _pool;
    private int _holders;

    internal SocketBuffer(SocketBufferPool pool, int sizeClass, int capacity)
    {
        _pool = pool;
        SizeClass = sizeClass;
        Bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    }

    public byte[] Bytes { get; }

    public int Capacity => Bytes.Length;

    /// <summary>Nobody but the caller holds it, so its bytes may be overwritten.</summary>
    public bool IsHeldOnce => Volatile.Read(ref _holders) == 1;

    internal int SizeClass { get; }

    /// <summary>What the request in it was admitted with (<see cref="RequestMemory"/>), given back with the buffer.</summary>
    internal int Admitted { get; set; }

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _pool.Return(this);
    }

    internal void HoldFirst() => _holders = 1;
}
