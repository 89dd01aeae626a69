using System.Buffers.Binary;

namespace Akka.Remote.Wire;

/// <summary>Walks through the fields of one protobuf message; gives slices, copies nothing.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>The bytes are no protobuf message. Nothing more can be read.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Number and wire type of the next field; false at the end, or when broken.</summary>
    public bool Next(out uint tag)
    {
        tag = 0;
        if (_at == _message.Length || IsBroken) return false;
        if (!Varint.TryRead(_message, ref _at, out var number) || number > uint.MaxValue || number < 8) return Break();
        tag = (uint)number;
        return true;
    }

    public ulong Number()
    {
        if (!Varint.TryRead(_message, ref _at, out var value)) Break();
        return value;
    }

    public ulong Fixed64()
    {
        if (_message.Length - _at < sizeof(ulong))
        {
            Break();
            return 0;
        }
        _at += sizeof(ulong);
        return BinaryPrimitives.ReadUInt64LittleEndian(_message[(_at - sizeof(ulong))..]);
    }

    public ReadOnlySpan<byte> Bytes()
    {
        if (!Varint.TryRead(_message, ref _at, out var length) || length > (ulong)(_message.Length - _at))
        {
            Break();
            return default;
        }
        var slice = _message.Slice(_at, (int)length);
        _at += (int)length;
        return slice;
    }

    /// <summary>Passes over the value of a field that nobody knows.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case 0: Number(); break;
            case 1: Fixed64(); break;
            case 2: Bytes(); break;
            case 5 when _message.Length - _at >= sizeof(uint): _at += sizeof(uint); break;
            default: Break(); break; // Groups have been gone from protobuf for a long time.
        }
    }

    private bool Break()
    {
        IsBroken = true;
        _at = _message.Length;
        return false;
    }
}
