using System.Numerics;

namespace Akka.Util;

/// <summary>The string hash by which sharding spreads entities; the same on every node and in every version.</summary>
public static class MurmurHash
{
    private const uint Seed = 0x0331DF49, Visible = 0x971E137B;
    private const uint StartA = 0x95543787, StartB = 0x2AD7EB25, StepA = 0x7B7D159C, StepB = 0x6BCE6396, Mixer = 0x52DCE729;

    public static int StringHash(string s)
    {
        unchecked
        {
            var (hash, a, b) = ((uint)s.Length * Seed ^ Visible, StartA, StartB);
            for (var i = 0; i < s.Length; i += 2, a = a * 5 + StepA, b = b * 5 + StepB)
            {
                var block = i + 1 < s.Length ? (uint)s[i] << 16 | s[i + 1] : s[i];
                hash = (hash ^ BitOperations.RotateLeft(block * a, 11) * b) * 3 + Mixer;
            }
            hash = (hash ^ hash >> 16) * 0x85EBCA6B;
            hash = (hash ^ hash >> 13) * 0xC2B2AE35;
            return (int)(hash ^ hash >> 16);
        }
    }
}
