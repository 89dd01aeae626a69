using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Writes the primitives of Kafka's protocol into one growing buffer from the shared pool; the counterpart of
/// <see cref="WireReader"/>. One owner at a time; <see cref="Clear"/> makes it ready for the next message,
/// <see cref="Dispose"/> gives the buffer back.
/// </summary>
public sealed partial class WireWriter(int capacity = 1024) : IDisposable
{
    /// <summary>
    /// A larger buffer is given back by <see cref="Clear"/>: an idle connection does not hold what one long answer took.
    /// </summary>
    private const int KeptBytes = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <inheritdoc cref="WrittenSpan"/>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_buffer.Length <= KeptBytes) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>
    /// Leaves room for a frame's size, which is known only at its end. Returns what <see cref="EndFrame"/> takes.
    /// </summary>
    public int BeginFrame()
    {
        Next(sizeof(int));
        return _length;
    }

    /// <summary>Writes the size of the frame before it.</summary>
    /// <param name="start">What <see cref="BeginFrame"/> returned.</param>
    /// <param name="bytesElsewhere">Bytes of the frame that are sent between what was written here, such as file ranges.</param>
    public void EndFrame(int start, int bytesElsewhere = 0) =>
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(start - sizeof(int)), checked(_length - start + bytesElsewhere));

    public void Boolean(bool value) => Next(1)[0] = value ? (byte)1 : (byte)0;

    public void Int8(sbyte value) => Next(1)[0] = (byte)value;

    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Next(sizeof(short)), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);

    public void Offset(Offset value) => Int64(value.Value);

    public void Epoch(Epoch value) => Int32(value.Value);

    public void BrokerId(BrokerId value) => Int32(value.Value);

    public void ErrorCode(ErrorCode value) => Int16((short)value);

    public void TopicId(TopicId value) => value.Write(Next(16));

    public void UnsignedVarint(uint value) => _length += WriteVarint(Room(5), value);

    /// <exception cref="ArgumentException">Longer than 32,767 bytes of UTF-8, which classic encoding cannot say.</exception>
    public void String(string value, bool flexible)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        StringLength(length, flexible);
        Encoding.UTF8.GetBytes(value, Next(length));
    }

    public void NullableString(string? value, bool flexible)
    {
        if (value is null) StringLength(-1, flexible);
        else String(value, flexible);
    }

    public void Utf8String(ReadOnlySpan<byte> value, bool flexible)
    {
        StringLength(value.Length, flexible);
        Raw(value);
    }

    public void Bytes(ReadOnlySpan<byte> value, bool flexible)
    {
        BytesLength(value.Length, flexible);
        Raw(value);
    }

    public void NullableBytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        if (value is { } bytes) Bytes(bytes.Span, flexible);
        else BytesLength(-1, flexible);
    }

    /// <summary>The length of a byte string whose bytes come from elsewhere; -1 is null.</summary>
    public void BytesLength(int length, bool flexible)
    {
        if (flexible) UnsignedVarint((uint)(length + 1));
        else Int32(length);
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    private static int VarintLength(uint value) => (38 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    private static int WriteVarint(Span<byte> bytes, uint value)
    {
        var count = 0;
        for (; value >= 0x80; value >>= 7) bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        return count;
    }

    private void StringLength(int length, bool flexible)
    {
        if (flexible) UnsignedVarint((uint)(length + 1));
        else if (length <= short.MaxValue) Int16((short)length);
        else throw new ArgumentException($"A string of {length} bytes is longer than the protocol's 32,767.");
    }

    private Span<byte> Next(int count)
    {
        var bytes = Room(count)[..count];
        _length += count;
        return bytes;
    }

    /// <summary>At least <paramref name="count"/> bytes after the end, not yet counted as written.</summary>
    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count) Grow(count);
        return _buffer.AsSpan(_length);
    }

    private void Grow(int count)
    {
        var needed = checked(_length + count);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _buffer.Length), System.Array.MaxLength));
        WrittenSpan.CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
