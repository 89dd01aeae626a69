using System.Buffers.Binary;

namespace ActorBroker.Protocol.Kafka;

public ref partial struct WireReader
{
    /// <summary>Items that are allocated on the frame's word alone; more only as they are really read.</summary>
    private const int TrustedCount = 256;

    /// <summary>Number of items that follow; each takes at least one byte, so the number is bounded by what is left.</summary>
    public int ArrayLength(bool flexible) => NotNull(NullableArrayLength(flexible));

    /// <summary>As <see cref="ArrayLength"/>; -1 is null.</summary>
    public int NullableArrayLength(bool flexible)
    {
        var count = flexible ? CompactLength() : Int32();
        return count >= -1 && count <= Remaining
            ? count
            : throw new WireException($"An array before byte {_position} claims {count} items; {Remaining} bytes are left.");
    }

    public T[] Array<T>(bool flexible, short version)
        where T : IWireValue<T>
        => Items<T>(ArrayLength(flexible), version);

    public T[]? NullableArray<T>(bool flexible, short version)
        where T : IWireValue<T>
        => NullableArrayLength(flexible) is >= 0 and var count ? Items<T>(count, version) : null;

    public int[] Int32Array(bool flexible) => Int32s(ArrayLength(flexible));

    public int[]? NullableInt32Array(bool flexible) =>
        NullableArrayLength(flexible) is >= 0 and var count ? Int32s(count) : null;

    public BrokerId[] BrokerIds(bool flexible) => System.Array.ConvertAll(Int32Array(flexible), static id => new BrokerId(id));

    public BrokerId[]? NullableBrokerIds(bool flexible) =>
        NullableInt32Array(flexible) is { } ids ? System.Array.ConvertAll(ids, static id => new BrokerId(id)) : null;

    public string[] Strings(bool flexible) => Texts(ArrayLength(flexible), flexible);

    public string[]? NullableStrings(bool flexible) =>
        NullableArrayLength(flexible) is >= 0 and var count ? Texts(count, flexible) : null;

    private T[] Items<T>(int count, short version)
        where T : IWireValue<T>
    {
        if (count == 0) return [];
        var items = new T[Math.Min(count, TrustedCount)];
        for (var i = 0; i < count; i++)
        {
            Grow(ref items, i, count);
            items[i] = T.Read(ref this, version);
        }

        return items;
    }

    private string[] Texts(int count, bool flexible)
    {
        if (count == 0) return [];
        var texts = new string[Math.Min(count, TrustedCount)];
        for (var i = 0; i < count; i++)
        {
            Grow(ref texts, i, count);
            texts[i] = String(flexible);
        }

        return texts;
    }

    private int[] Int32s(int count)
    {
        if (count == 0) return [];
        if (count > Remaining / sizeof(int)) throw TooShort(count);
        var numbers = new int[count];
        var bytes = Take(count * sizeof(int));
        for (var i = 0; i < count; i++) numbers[i] = BinaryPrimitives.ReadInt32BigEndian(bytes[(i * sizeof(int))..]);
        return numbers;
    }

    private static void Grow<T>(ref T[] items, int used, int count)
    {
        if (used == items.Length) System.Array.Resize(ref items, (int)Math.Min(count, 2L * used));
    }
}
