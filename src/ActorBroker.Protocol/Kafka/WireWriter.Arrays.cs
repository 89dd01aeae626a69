namespace ActorBroker.Protocol.Kafka;

public sealed partial class WireWriter
{
    /// <summary>Number of items that follow; -1 is null.</summary>
    public void ArrayLength(int count, bool flexible)
    {
        if (flexible) UnsignedVarint((uint)(count + 1));
        else Int32(count);
    }

    public void Array<T>(T[] items, bool flexible, short version)
        where T : IWireValue<T>
    {
        ArrayLength(items.Length, flexible);
        foreach (var item in items) item.Write(this, version);
    }

    public void NullableArray<T>(T[]? items, bool flexible, short version)
        where T : IWireValue<T>
    {
        if (items is null) ArrayLength(-1, flexible);
        else Array(items, flexible, version);
    }

    public void Int32Array(int[] numbers, bool flexible)
    {
        ArrayLength(numbers.Length, flexible);
        foreach (var number in numbers) Int32(number);
    }

    public void BrokerIds(BrokerId[] ids, bool flexible)
    {
        ArrayLength(ids.Length, flexible);
        foreach (var id in ids) BrokerId(id);
    }

    public void NullableBrokerIds(BrokerId[]? ids, bool flexible)
    {
        if (ids is null) ArrayLength(-1, flexible);
        else BrokerIds(ids, flexible);
    }

    public void Strings(string[] texts, bool flexible)
    {
        ArrayLength(texts.Length, flexible);
        foreach (var text in texts) String(text, flexible);
    }

    public void NullableStrings(string[]? texts, bool flexible)
    {
        if (texts is null) ArrayLength(-1, flexible);
        else Strings(texts, flexible);
    }

    /// <summary>Ends a structure of a flexible version that has no tagged field to say.</summary>
    public void NoTags() => UnsignedVarint(0);

    /// <summary>How many tagged fields follow, in ascending order of their numbers.</summary>
    public void TagCount(int count) => UnsignedVarint((uint)count);

    /// <summary>Starts a tagged field, whose size is known only at its end. Returns what <see cref="EndTag"/> takes.</summary>
    public int BeginTag(uint number)
    {
        UnsignedVarint(number);
        Next(1);
        return _length;
    }

    /// <summary>
    /// Writes the size of the field before it. A value of 128 bytes or more is moved, to make room for a longer size.
    /// </summary>
    public void EndTag(int start)
    {
        var size = _length - start;
        var shift = VarintLength((uint)size) - 1;
        if (shift > 0)
        {
            Next(shift);
            _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + shift));
        }

        WriteVarint(_buffer.AsSpan(start - 1), (uint)size);
    }

    /// <summary>A tagged field that is a structure.</summary>
    public void Tag<T>(uint number, T value, short version)
        where T : IWireValue<T>
    {
        var start = BeginTag(number);
        value.Write(this, version);
        EndTag(start);
    }
}
