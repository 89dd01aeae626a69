using System.Buffers;

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>
/// A growing buffer from the shared pool with an upper bound. One owner; returned to the pool once, by
/// <see cref="Dispose"/>.
/// </summary>
public sealed class PooledBuffer(int maxBytes = int.MaxValue, int initialBytes = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, Math.Min(initialBytes, maxBytes)));

    public int MaxBytes { get; } = maxBytes;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    internal Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The bound is reached: one byte more is refused.</summary>
    internal bool IsFull => Length == MaxBytes;

    /// <summary>What fits now without growing.</summary>
    private Span<byte> Free => _bytes.AsSpan(Length, Math.Min(_bytes.Length, MaxBytes) - Length);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length, Free.Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return Free;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets what was written; the memory stays.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);
        Length = 0;
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
    }

    internal RecordFormatException TooLarge() => new(ErrorCode.MessageTooLarge, $"Records of more than {MaxBytes} bytes");

    private void Reserve(int count)
    {
        ObjectDisposedException.ThrowIf(_bytes.Length == 0, this);
        if (count <= Math.Min(_bytes.Length, MaxBytes) - Length) return;
        if (count > MaxBytes - Length) throw TooLarge();
        var size = (int)Math.Min(Math.Max((long)Length + count, 2L * _bytes.Length), MaxBytes);
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
