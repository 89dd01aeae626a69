using System.Text;
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

/// <summary>string, int and long, in the form that Akka.NET gives them on the wire.</summary>
internal sealed class PrimitiveSerializers(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string StringName = "System.String, System.Private.CoreLib";
    private const string IntName = "System.Int32, System.Private.CoreLib";
    private const string LongName = "System.Int64, System.Private.CoreLib";

    public override string Manifest(object o) => o switch
    {
        string => StringName,
        int => IntName,
        long => LongName,
        _ => throw Unknown(o?.GetType().ToString() ?? "null"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        int number => Little(BitConverter.GetBytes(number)),
        long number => Little(BitConverter.GetBytes(number)),
        _ => throw Unknown(obj?.GetType().ToString() ?? "null"),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "S" or StringName or "System.String, mscorlib" => Encoding.UTF8.GetString(bytes),
        "I" or IntName or "System.Int32, mscorlib" => BitConverter.ToInt32(Little([.. bytes])),
        "L" or LongName or "System.Int64, mscorlib" => BitConverter.ToInt64(Little([.. bytes])),
        _ => throw new System.Runtime.Serialization.SerializationException($"[{manifest}] is no primitive type that is known."),
    };

    private static byte[] Little(byte[] bytes)
    {
        if (!BitConverter.IsLittleEndian) Array.Reverse(bytes);
        return bytes;
    }

    private static ArgumentException Unknown(string type) => new($"{type} is no primitive type that is known.");
}
