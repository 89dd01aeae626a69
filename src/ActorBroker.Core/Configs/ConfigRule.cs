using System.Globalization;
using ActorBroker.Core.Replication;

namespace ActorBroker.Core.Configs;

/// <summary>Which values a config may have, beyond its type.</summary>
public abstract record ConfigRule
{
    /// <summary>Any value of the type.</summary>
    public static readonly ConfigRule Any = new AnyValue();

    /// <summary>What is allowed, for people: "at least 1".</summary>
    public abstract string Describe { get; }

    public abstract bool Allows(string value);

    public static ConfigRule AtLeast(double min) => new Range(min, double.PositiveInfinity);

    public static ConfigRule Between(double min, double max) => new Range(min, max);

    public static ConfigRule OneOf(params string[] values) => new Choice(values, false);

    /// <summary>A list of these, at least one.</summary>
    public static ConfigRule ListOf(params string[] values) => new Choice(values, true);

    /// <summary>Replicas, as they are named by <see cref="Replication.ThrottledReplicas"/>.</summary>
    public static readonly ConfigRule Replicas = new ReplicaPairs();

    /// <summary>Elements of a list value; blanks around them don't count.</summary>
    public static string[] Elements(string value) =>
        value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed record AnyValue : ConfigRule
    {
        public override string Describe => "";

        public override bool Allows(string value) => true;
    }

    private sealed record ReplicaPairs : ConfigRule
    {
        public override string Describe => "of PARTITION:BROKER, or *";

        public override bool Allows(string value) =>
            value.Trim() == ThrottledReplicas.All || Array.TrueForAll(Elements(value), ThrottledReplicas.IsPair);
    }

    private sealed record Range(double Min, double Max) : ConfigRule
    {
        public override string Describe => double.IsInfinity(Max)
            ? string.Create(CultureInfo.InvariantCulture, $"at least {Min}")
            : string.Create(CultureInfo.InvariantCulture, $"between {Min} and {Max}");

        public override bool Allows(string value) =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= Min
                && number <= Max;
    }

    private sealed record Choice(string[] Values, bool Many) : ConfigRule
    {
        public override string Describe => (Many ? "one or more of " : "one of ") + string.Join(", ", Values);

        public override bool Allows(string value)
        {
            if (!Many) return Values.Contains(value, StringComparer.Ordinal);
            var elements = Elements(value);
            return elements.Length > 0 && elements.All(e => Values.Contains(e, StringComparer.Ordinal));
        }
    }
}
