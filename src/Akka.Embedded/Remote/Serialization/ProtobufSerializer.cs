using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Messages that protoc generates: number 2, with the name of the type as manifest.</summary>
/// <remarks>To be read, a type must itself stand in <c>akka.actor.serialization-bindings</c>: a name from the wire is looked up
/// there and never loaded.</remarks>
public class ProtobufSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private readonly ConcurrentDictionary<Type, MessageParser> _parsers = new();

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => obj is IMessage message ? message.ToByteArray()
        : throw new ArgumentException($"{obj?.GetType()} is no protobuf message.", nameof(obj));

    public override object FromBinary(byte[] bytes, Type type)
    {
        if (type is null) throw new SerializationException("A protobuf message without the name of its type.");
        return _parsers.GetOrAdd(type, ParserOf).ParseFrom(bytes);
    }

    private static MessageParser ParserOf(Type type) =>
        type.GetProperty("Parser", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as MessageParser
            ?? throw new SerializationException($"{type} is no class that protoc generated.");
}
