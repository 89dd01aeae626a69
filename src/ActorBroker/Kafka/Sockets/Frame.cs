namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// One request's bytes, without the size before them, where the socket put them. Whoever holds it must <see cref="Release"/> it.
/// </summary>
internal readonly struct Frame(SocketBuffer buffer, int start, int length)
{
    public int Length => length;

    public Memory<byte> Memory => buffer.Bytes.AsMemory(start, length);

    public Span<byte> Span => buffer.Bytes.AsSpan(start, length);

    public void Release() => buffer.Release();
}
