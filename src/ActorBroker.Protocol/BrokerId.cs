namespace ActorBroker.Protocol;

/// <summary>A broker's number, <c>broker.id</c>: unique in its cluster, 0 or more. -1 where there is none.</summary>
public readonly record struct BrokerId(int Value) : IComparable<BrokerId>
{
    /// <summary>No broker, for example no leader; on the wire -1.</summary>
    public static readonly BrokerId None = new(-1);

    public bool IsNone => Value < 0;

    public static bool operator <(BrokerId a, BrokerId b) => a.Value < b.Value;

    public static bool operator >(BrokerId a, BrokerId b) => a.Value > b.Value;

    public static bool operator <=(BrokerId a, BrokerId b) => a.Value <= b.Value;

    public static bool operator >=(BrokerId a, BrokerId b) => a.Value >= b.Value;

    public int CompareTo(BrokerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
