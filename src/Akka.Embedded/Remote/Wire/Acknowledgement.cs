using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Akka.Remote.Wire;

/// <summary>What a receiver has of the sender's system messages.</summary>
/// <param name="Cumulative">Highest number seen, not the highest without gaps; -1 (on the wire all ones): none.</param>
/// <param name="Nacks">Numbers below it that are missing, ascending.</param>
internal sealed record Acknowledgement(long Cumulative, ImmutableArray<long> Nacks)
{
    /// <summary>Reads into <paramref name="into"/>, on top of what is there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> info, ref Acknowledgement? into)
    {
        var cumulative = into?.Cumulative ?? 0; // Left out means 0.
        var nacks = into?.Nacks ?? [];
        var reader = new FieldReader(info);
        while (reader.Next(out var tag))
        {
            switch (tag)
            {
                case Tags.AckCumulative:
                    cumulative = (long)reader.Fixed64();
                    break;
                case Tags.AckNack:
                    nacks = nacks.Add((long)reader.Fixed64());
                    break;
                case Tags.AckNacksPacked:
                    var packed = reader.Bytes();
                    if (packed.Length % sizeof(long) != 0) return false;
                    var numbers = new long[packed.Length / sizeof(long)];
                    for (var i = 0; i < numbers.Length; i++)
                        numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(packed[(i * sizeof(long))..]);
                    nacks = nacks.AddRange(numbers);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        if (reader.IsBroken) return false;
        into = new Acknowledgement(cumulative, nacks);
        return true;
    }
}
