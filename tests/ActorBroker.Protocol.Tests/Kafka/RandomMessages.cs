using System.Reflection;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>Makes messages with random values in all fields, from the shapes of their types. One seed, one sequence.</summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly string[] Words = ["", "a", "orders", "käse-日本", "group with spaces", new('x', 300)];

    private readonly NullabilityInfoContext _nullability = new();

    public Random Random { get; } = new(seed);

    public object Next(Codec codec, short version)
    {
        var message = Next(codec.Message, nulls: !(codec.Message == typeof(OffsetFetchRequest) && version < 2));
        return message switch
        {
            FindCoordinatorRequest m when version <= 3 => m with { CoordinatorKeys = [Text()] },
            FindCoordinatorResponse m when version <= 3 =>
                m with { Coordinators = [Next<FindCoordinatorResponse.Coordinator>()] },
            LeaveGroupRequest m when version <= 2 => m with { Members = [Next<LeaveGroupRequest.Member>()] },
            OffsetFetchRequest m when version <= 7 => m with { Groups = [Next<OffsetFetchRequest.Group>() with { Topics = [] }] },
            OffsetFetchResponse m when version <= 7 => m with { Groups = [Next<OffsetFetchResponse.Group>()] },
            _ => message,
        };
    }

    private T Next<T>() => (T)Next(typeof(T), nulls: true);

    private object Next(Type type, bool nulls)
    {
        if (type == typeof(string)) return Text();
        if (type == typeof(bool)) return Random.Next(2) == 0;
        if (type == typeof(sbyte)) return (sbyte)Random.Next(sbyte.MinValue, sbyte.MaxValue + 1);
        if (type == typeof(short)) return (short)Random.Next(short.MinValue, short.MaxValue + 1);
        if (type == typeof(int)) return Random.Next(4) == 0 ? -1 : (int)Random.NextInt64(int.MinValue, int.MaxValue + 1L);
        if (type == typeof(long)) return Random.Next(4) == 0 ? -1L : Random.NextInt64(long.MinValue, long.MaxValue);
        if (type == typeof(UInt128)) return new UInt128((ulong)Random.NextInt64(), (ulong)Random.NextInt64());
        if (type == typeof(byte[])) return Bytes();
        if (type == typeof(ReadOnlyMemory<byte>)) return (ReadOnlyMemory<byte>)Bytes();
        if (type.IsEnum) return Enum.ToObject(type, Next(Enum.GetUnderlyingType(type), nulls));
        return type.IsArray ? Items(type.GetElementType()!, nulls) : Record(type, nulls);
    }

    private Array Items(Type type, bool nulls)
    {
        var items = Array.CreateInstance(type, Random.Next(4));
        for (var i = 0; i < items.Length; i++) items.SetValue(Next(type, nulls), i);
        return items;
    }

    private object Record(Type type, bool nulls)
    {
        var constructor = type.GetConstructors()
            .Where(constructor => !constructor.GetParameters().Any(parameter => parameter.ParameterType == type))
            .MaxBy(constructor => constructor.GetParameters().Length)!;
        var record = constructor.Invoke(
            [.. constructor.GetParameters().Select(
                parameter => Field(parameter.ParameterType, _nullability.Create(parameter), nulls))]);
        var given = constructor.GetParameters().Select(parameter => parameter.Name).ToHashSet();
        foreach (var property in Shape.Fields(type).Where(property => property.CanWrite && !given.Contains(property.Name)))
            property.SetValue(record, Field(property.PropertyType, _nullability.Create(property), nulls));
        return record;
    }

    private object? Field(Type type, NullabilityInfo nullability, bool nulls)
    {
        if (nullability.WriteState == NullabilityState.Nullable && nulls && Random.Next(3) == 0) return null;
        return Next(Nullable.GetUnderlyingType(type) ?? type, nulls);
    }

    private string Text() => Words[Random.Next(Words.Length)];

    private byte[] Bytes()
    {
        var bytes = new byte[Random.Next(3) * Random.Next(100)];
        Random.NextBytes(bytes);
        return bytes;
    }
}
