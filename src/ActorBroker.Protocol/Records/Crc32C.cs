using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorBroker.Protocol.Records;

/// <summary>CRC-32C (Castagnoli, RFC 3720), the checksum of record batches and producer snapshots.</summary>
/// <remarks>
/// The CRC instruction of x64 and ARM64 answers after 3 cycles but starts each cycle, so three parts of the input run
/// interleaved and are joined by a multiplication modulo the polynomial. Without the instruction the same code runs on
/// the runtime's table.
/// </remarks>
public static class Crc32C
{
    private const uint ReflectedPolynomial = 0x82F63B78;
    private const int LongLaneBytes = 4096;
    private const int ShortLaneBytes = 256;

    private static readonly LaneShift LongShift = new(LongLaneBytes);
    private static readonly LaneShift ShortShift = new(ShortLaneBytes);

    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The CRC of the bytes that gave <paramref name="crc"/> followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var state = ~crc;
        state = Interleaved(state, ref data, LongLaneBytes, LongShift);
        state = Interleaved(state, ref data, ShortLaneBytes, ShortShift);
        while (data.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, MemoryMarshal.Read<ulong>(data));
            data = data[sizeof(ulong)..];
        }
        foreach (var octet in data) state = BitOperations.Crc32C(state, octet);
        return ~state;
    }

    /// <summary>
    /// The CRC after some bytes of a message were changed, without reading the rest. Costs the logarithm of
    /// <paramref name="bytesAfter"/>, not its size.
    /// </summary>
    /// <param name="crc">The CRC before the change.</param>
    /// <param name="difference">Old bytes XOR new bytes.</param>
    /// <param name="bytesAfter">How many bytes of the message follow those.</param>
    public static uint Patch(uint crc, ReadOnlySpan<byte> difference, long bytesAfter)
    {
        var change = 0u;
        foreach (var octet in difference) change = BitOperations.Crc32C(change, octet);
        return crc ^ Multiply(change, PowerOfX(8 * bytesAfter));
    }

    private static uint Interleaved(uint state, ref ReadOnlySpan<byte> data, int laneBytes, in LaneShift shift)
    {
        while (data.Length >= 3 * laneBytes)
        {
            ref var first = ref MemoryMarshal.GetReference(data);
            ref var second = ref Unsafe.Add(ref first, laneBytes);
            ref var third = ref Unsafe.Add(ref first, 2 * laneBytes);
            uint a = state, b = 0, c = 0;
            for (nint i = 0; i < laneBytes; i += sizeof(ulong))
            {
                a = BitOperations.Crc32C(a, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, i)));
                b = BitOperations.Crc32C(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref second, i)));
                c = BitOperations.Crc32C(c, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref third, i)));
            }
            state = shift.OverOneLane(shift.OverOneLane(a) ^ b) ^ c;
            data = data[(3 * laneBytes)..];
        }
        return state;
    }

    /// <summary>x to the power of <paramref name="exponent"/> modulo the polynomial, in the CRC's reflected bit order.</summary>
    private static uint PowerOfX(long exponent)
    {
        var result = 0x8000_0000u; // x^0
        for (var square = 0x4000_0000u; exponent != 0; exponent >>= 1, square = Multiply(square, square))
            if ((exponent & 1) != 0) result = Multiply(result, square);
        return result;
    }

    private static uint Multiply(uint a, uint b)
    {
        var product = 0u;
        for (var bit = 0x8000_0000u; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0) product ^= b;
            b = (b >> 1) ^ (ReflectedPolynomial & (0u - (b & 1)));
        }
        return product;
    }

    /// <summary>Carries a CRC over one lane's length of zero bytes.</summary>
    private readonly struct LaneShift(int laneBytes)
    {
        // The carry-less product of two reflected values is one bit low, and the CRC instruction that reduces
        // its 64 bits multiplies by x^32: so 33 less than the lane's bits.
        private readonly uint _factorForInstruction = PowerOfX(8L * laneBytes - 33);
        private readonly uint _factor = PowerOfX(8L * laneBytes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint OverOneLane(uint crc)
        {
            if (!Pclmulqdq.IsSupported || !Sse42.X64.IsSupported) return Multiply(crc, _factor);
            var product = Pclmulqdq.CarrylessMultiply(
                Vector128.CreateScalar((ulong)crc), Vector128.CreateScalar((ulong)_factorForInstruction), 0);
            return BitOperations.Crc32C(0, product.ToScalar());
        }
    }
}
