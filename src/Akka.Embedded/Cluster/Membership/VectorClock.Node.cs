using System.Security.Cryptography;
using System.Text;

namespace Akka.Cluster;

public sealed partial class VectorClock
{
    public enum Ordering
    {
        After = 0,
        Before = 1,
        Same = 2,
        Concurrent = 3,

        /// <summary>Not a result: asks for the whole comparison.</summary>
        FullOrder = 4,
    }

    /// <summary>Whose changes are counted: the hash of a name, so that no more is told than needs be.</summary>
    public class Node : IComparable<Node>
    {
        private readonly string _value;

        public Node(string value) => _value = value;

        public static Node Create(string name) =>
            new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)));

        public static Node FromHash(string hash) => new(hash);

        public int CompareTo(Node? other) => other is null ? 1 : string.CompareOrdinal(_value, other._value);
        public override bool Equals(object? obj) => obj is Node other && _value == other._value;
        public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
        public override string ToString() => _value;
    }
}
