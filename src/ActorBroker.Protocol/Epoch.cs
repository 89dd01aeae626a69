namespace ActorBroker.Protocol;

/// <summary>
/// Number of a leader's term in one partition (leader epoch): it grows with each change of leader and never goes back.
/// -1 where it is unknown (KIP-101, KIP-320).
/// </summary>
public readonly record struct Epoch(int Value) : IComparable<Epoch>
{
    /// <summary>No epoch known; on the wire -1.</summary>
    public static readonly Epoch None = new(-1);

    public static readonly Epoch Zero = new(0);

    public bool IsNone => Value < 0;

    public static bool operator <(Epoch a, Epoch b) => a.Value < b.Value;

    public static bool operator >(Epoch a, Epoch b) => a.Value > b.Value;

    public static bool operator <=(Epoch a, Epoch b) => a.Value <= b.Value;

    public static bool operator >=(Epoch a, Epoch b) => a.Value >= b.Value;

    public Epoch Next() => new(Value + 1);

    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
