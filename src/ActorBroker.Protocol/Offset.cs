namespace ActorBroker.Protocol;

/// <summary>Position of a record in one partition: 0-based, dense, never reused. -1 where there is none.</summary>
public readonly record struct Offset(long Value) : IComparable<Offset>
{
    /// <summary>No offset; on the wire -1.</summary>
    public static readonly Offset None = new(-1);

    public static readonly Offset Zero = new(0);

    public bool IsNone => Value < 0;

    public static Offset Min(Offset a, Offset b) => a.Value < b.Value ? a : b;

    public static Offset Max(Offset a, Offset b) => a.Value > b.Value ? a : b;

    public static bool operator <(Offset a, Offset b) => a.Value < b.Value;

    public static bool operator >(Offset a, Offset b) => a.Value > b.Value;

    public static bool operator <=(Offset a, Offset b) => a.Value <= b.Value;

    public static bool operator >=(Offset a, Offset b) => a.Value >= b.Value;

    public static Offset operator +(Offset a, long records) => new(a.Value + records);

    public static long operator -(Offset a, Offset b) => a.Value - b.Value;

    public int CompareTo(Offset other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
