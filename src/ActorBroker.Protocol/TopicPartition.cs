namespace ActorBroker.Protocol;

/// <summary>One partition of a topic; its directory is named as <see cref="ToString"/> says.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <inheritdoc cref="StableHash"/>
    public override int GetHashCode() => Topic is null ? Partition : StableHash.Of(Topic) + Partition;

    /// <summary><c>topic-partition</c>, for example <c>orders-3</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Topic}-{Partition}");
}
