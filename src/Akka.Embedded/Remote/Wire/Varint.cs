using System.Numerics;

namespace Akka.Remote.Wire;

/// <summary>Protobuf's numbers of variable length.</summary>
internal static class Varint
{
    public static int Length(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;
    public static int Length(int length) => Length((ulong)(uint)length);

    public static int Write(Span<byte> destination, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) destination[at++] = (byte)(value | 0x80);
        destination[at++] = (byte)value;
        return at;
    }

    /// <summary>Reads at <paramref name="at"/> and moves it on.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if ((uint)at >= (uint)source.Length) return false;
            var next = source[at++];
            value |= (ulong)(next & 0x7F) << shift; // What does not fit in 64 bits is dropped, as protobuf does.
            if (next < 0x80) return true;
        }
        return false;
    }
}
