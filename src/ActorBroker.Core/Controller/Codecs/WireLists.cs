using System.Collections.Immutable;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Controller.Codecs;

/// <summary>Lists, and small values that stand in several messages, in the compact encoding.</summary>
public static class WireLists
{
    public const bool Flexible = true;

    /// <summary>Room for so many items is made on the sender's word alone; more only as they are read.</summary>
    private const int TrustedCount = 256;

    public delegate T ReadItem<T>(ref WireReader wire);

    public static void Items<T>(this WireWriter wire, ImmutableArray<T> items, Action<WireWriter, T> write)
    {
        wire.ArrayLength(items.IsDefault ? -1 : items.Length, Flexible);
        if (items.IsDefault) return;
        foreach (var item in items) write(wire, item);
    }

    /// <summary>What <see cref="Items"/> wrote, also the default array.</summary>
    public static ImmutableArray<T> Items<T>(this ref WireReader wire, ReadItem<T> read)
    {
        var count = wire.NullableArrayLength(Flexible);
        if (count < 0) return default;
        var items = ImmutableArray.CreateBuilder<T>(Math.Min(count, TrustedCount));
        for (var i = 0; i < count; i++) items.Add(read(ref wire));
        return items.DrainToImmutable();
    }

    public static void Text(this WireWriter wire, string text) => wire.String(text, Flexible);

    public static string Text(this ref WireReader wire) => wire.String(Flexible);

    public static void OptionalText(this WireWriter wire, string? text) => wire.NullableString(text, Flexible);

    public static string? OptionalText(this ref WireReader wire) => wire.NullableString(Flexible);

    /// <summary>Sixteen bytes, as ids of topics go.</summary>
    public static void UInt128(this WireWriter wire, UInt128 value) => wire.TopicId(new TopicId(value));

    public static UInt128 UInt128(this ref WireReader wire) => wire.TopicId().Value;

    public static void Brokers(this WireWriter wire, ImmutableArray<BrokerId> brokers) =>
        wire.Items(brokers, static (w, broker) => w.BrokerId(broker));

    public static ImmutableArray<BrokerId> Brokers(this ref WireReader wire) =>
        wire.Items(static (ref WireReader w) => w.BrokerId());

    public static void Partition(this WireWriter wire, TopicPartition partition)
    {
        wire.Text(partition.Topic);
        wire.Int32(partition.Partition);
    }

    public static TopicPartition Partition(this ref WireReader wire) => new(wire.Text(), wire.Int32());

    public static void Verdict(this WireWriter wire, Verdict verdict)
    {
        wire.ErrorCode(verdict.Error);
        wire.OptionalText(verdict.Message);
    }

    public static Verdict Verdict(this ref WireReader wire) => new(wire.ErrorCode(), wire.OptionalText());
}
