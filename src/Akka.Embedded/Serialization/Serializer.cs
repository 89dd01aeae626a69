using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Makes bytes of objects and back. Its identifier is part of the wire format.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;

    private int? _identifier;

    protected Serializer(ExtendedActorSystem system) => this.system = system;

    /// <summary>As overridden, or else from <c>akka.actor.serialization-identifiers</c>.</summary>
    public virtual int Identifier =>
        _identifier ??= SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);
    public abstract object FromBinary(byte[] bytes, Type type);

    /// <summary>As <see cref="ToBinary"/>, with references written as seen from <paramref name="address"/>.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) =>
        Serialization.WithTransport(system, address, () => ToBinary(obj));

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));

    /// <summary>The type that a manifest names, besides those of the bindings. It comes from the wire: nothing is loaded by it.
    /// </summary>
    internal virtual Type? FindType(string manifest) => null;
}

/// <summary>A serializer whose manifests are short names of its own, so that types can move and versions can differ.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    protected SerializerWithStringManifest(ExtendedActorSystem system) : base(system) { }

    public sealed override bool IncludeManifest => true;

    public abstract string Manifest(object o);
    public abstract object FromBinary(byte[] bytes, string manifest);

    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, TypeNames.Of(type));
}

/// <summary>Reads <c>akka.actor.serialization-identifiers</c>.</summary>
public static class SerializerIdentifierHelper
{
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        var ids = system.Settings.Config.GetConfig("akka.actor.serialization-identifiers");
        foreach (var (name, id) in ids?.AsEnumerable() ?? [])
            if (TypeNames.Find(name) == type) return id.GetInt();
        throw new ArgumentException($"[akka.actor.serialization-identifiers] has no id for {type}.", nameof(type));
    }
}

/// <summary>null.</summary>
public class NullSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 0;
    public override bool IncludeManifest => false;
    public override byte[] ToBinary(object obj) => [];
    public override object FromBinary(byte[] bytes, Type type) => null!;
}

/// <summary>Bytes as they are, not copied.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => obj switch
    {
        null => null!,
        byte[] bytes => bytes,
        _ => throw new NotSupportedException($"{obj.GetType()} is no byte[]."),
    };

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}
