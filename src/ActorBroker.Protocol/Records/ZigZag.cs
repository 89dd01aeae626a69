using System.Numerics;

namespace ActorBroker.Protocol.Records;

/// <summary>
/// Signed variable-length numbers of records: zigzag, then 7 bits per byte, lowest first. Not the unsigned, off-by-one
/// lengths of the protocol's flexible versions; the two never share code.
/// </summary>
public static class ZigZag
{
    public const int MaxBytesOfInt32 = 5;
    public const int MaxBytesOfInt64 = 10;

    /// <returns><c>false</c>: the bytes end within the number, or it has more than 32 bits. The position is then
    /// undefined.</returns>
    public static bool TryReadInt32(ReadOnlySpan<byte> bytes, ref int position, out int value)
    {
        if (!TryReadInt64(bytes, ref position, out var wide) || wide != (int)wide)
        {
            value = 0;
            return false;
        }
        value = (int)wide;
        return true;
    }

    /// <returns><c>false</c>: the bytes end within the number, or it has more than 64 bits. The position is then
    /// undefined.</returns>
    public static bool TryReadInt64(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        var raw = 0UL;
        for (var shift = 0; shift < 64 && (uint)position < (uint)bytes.Length; shift += 7)
        {
            var octet = bytes[position++];
            if (shift == 63 && octet > 1) break;
            raw |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }
        value = 0;
        return false;
    }

    public static int SizeOf(long value) => (BitOperations.Log2(Encode(value) | 1) / 7) + 1;

    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> bytes, long value)
    {
        var raw = Encode(value);
        var count = 0;
        for (; raw >= 0x80; raw >>= 7) bytes[count++] = (byte)(raw | 0x80);
        bytes[count++] = (byte)raw;
        return count;
    }

    private static ulong Encode(long value) => (ulong)((value << 1) ^ (value >> 63));
}
