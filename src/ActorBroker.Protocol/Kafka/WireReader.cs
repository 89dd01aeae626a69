using System.Buffers.Binary;
using System.Text;

namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Reads the primitives of Kafka's protocol from one frame. <c>flexible</c> chooses between the classic encodings of
/// lengths (int16 and int32, -1 is null) and the compact ones of KIP-482 (unsigned varint of length + 1, 0 is null).
/// </summary>
/// <remarks>
/// Nothing is allocated but the strings and arrays that are handed out, and those only after their length was checked
/// against the bytes that are left: a frame cannot claim more than it brings.
/// </remarks>
public ref partial struct WireReader
{
    private readonly ReadOnlySpan<byte> _frame;
    private readonly ReadOnlyMemory<byte> _memory;
    private int _position;

    /// <summary>Reads from a span; byte strings that are handed out as memory are copies.</summary>
    public WireReader(ReadOnlySpan<byte> frame) => _frame = frame;

    /// <summary>Reads from memory; <see cref="Memory"/> hands out slices of it, valid as long as it is.</summary>
    public WireReader(ReadOnlyMemory<byte> frame)
    {
        _memory = frame;
        _frame = frame.Span;
    }

    /// <summary>Index in the frame of the next byte.</summary>
    public readonly int Position => _position;

    public readonly int Remaining => _frame.Length - _position;

    public byte UInt8() => Take(1)[0];

    public sbyte Int8() => (sbyte)Take(1)[0];

    public bool Boolean() => Take(1)[0] != 0;

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public Offset Offset() => new(Int64());

    public Epoch Epoch() => new(Int32());

    public BrokerId BrokerId() => new(Int32());

    public ErrorCode ErrorCode() => (ErrorCode)Int16();

    public TopicId TopicId() => Protocol.TopicId.Read(Take(16));

    /// <summary>Seven bits per byte, lowest first; not zigzag, unlike the varints inside records.</summary>
    public uint UnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = UInt8();
            if (shift == 28 && next > 0x0f) break;
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new WireException($"The varint before byte {_position} has more than 32 bits.");
    }

    public string String(bool flexible) => Encoding.UTF8.GetString(Utf8String(flexible));

    public string? NullableString(bool flexible)
    {
        var length = StringLength(flexible);
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>A string as it stands in the frame, for a caller that knows it already and need not allocate it again.</summary>
    public ReadOnlySpan<byte> Utf8String(bool flexible) => Take(NotNull(StringLength(flexible)));

    /// <summary>As <see cref="Utf8String"/>; <paramref name="isNull"/> tells null from empty.</summary>
    public ReadOnlySpan<byte> NullableUtf8String(bool flexible, out bool isNull)
    {
        var length = StringLength(flexible);
        isNull = length == -1;
        return isNull ? default : Take(length);
    }

    /// <summary>A copy of a byte string.</summary>
    public byte[] Bytes(bool flexible) => Take(NotNull(BytesLength(flexible))).ToArray();

    /// <summary>A byte string without a copy where the frame was given as memory.</summary>
    public ReadOnlyMemory<byte>? Memory(bool flexible)
    {
        if (Range(flexible) is not { } range) return null;
        return _memory.Length == _frame.Length ? _memory.Slice(range.Start, range.Length) : range.Of(_frame).ToArray();
    }

    /// <summary>Where in the frame a byte string lies.</summary>
    public ByteRange? Range(bool flexible)
    {
        var length = BytesLength(flexible);
        if (length == -1) return null;
        var start = _position;
        Take(length);
        return new ByteRange(start, length);
    }

    private int StringLength(bool flexible) => flexible ? CompactLength() : Int16();

    private int BytesLength(bool flexible) => flexible ? CompactLength() : Int32();

    /// <summary>-1 is null. A length that no frame can have becomes one that <see cref="Take"/> refuses.</summary>
    private int CompactLength()
    {
        var lengthPlusOne = UnsignedVarint();
        return lengthPlusOne > int.MaxValue ? int.MaxValue : (int)lengthPlusOne - 1;
    }

    private readonly int NotNull(int length) =>
        length != -1 ? length : throw new WireException($"Null before byte {_position}, where a value must be.");

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)(_frame.Length - _position)) throw TooShort(length);
        var bytes = _frame.Slice(_position, length);
        _position += length;
        return bytes;
    }

    private readonly WireException TooShort(int length) =>
        new($"{length} bytes are needed at byte {_position}; {_frame.Length - _position} are left.");
}
