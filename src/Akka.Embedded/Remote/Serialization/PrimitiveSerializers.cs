using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>string, int and long: number 17.</summary>
public sealed class PrimitiveSerializers : SerializerWithStringManifest
{
    private const string StringName = "System.String, System.Private.CoreLib";
    private const string IntName = "System.Int32, System.Private.CoreLib";
    private const string LongName = "System.Int64, System.Private.CoreLib";

    private readonly bool _fullNames;

    /// <param name="system">The system.</param>
    /// <param name="config"><c>use-legacy-behavior = off</c> writes the manifests S, I and L; all are read.</param>
    public PrimitiveSerializers(ExtendedActorSystem system, Config config) : base(system) =>
        _fullNames = config.GetBoolean("use-legacy-behavior", true);

    public override string Manifest(object o) => o switch
    {
        string => _fullNames ? StringName : "S",
        int => _fullNames ? IntName : "I",
        long => _fullNames ? LongName : "L",
        _ => throw Unknown(o),
    };

    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case string text: return Encoding.UTF8.GetBytes(text);
            case int number:
                var four = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(four, number);
                return four;
            case long number:
                var eight = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(eight, number);
                return eight;
            default: throw Unknown(obj);
        }
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "S" or StringName or "System.String, mscorlib" => Encoding.UTF8.GetString(bytes),
        "I" or IntName or "System.Int32, mscorlib" when bytes.Length == 4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "L" or LongName or "System.Int64, mscorlib" when bytes.Length == 8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => throw new SerializationException($"[{manifest}] of {bytes.Length} bytes is no primitive type that is known."),
    };

    private static ArgumentException Unknown(object? o) =>
        new($"{o?.GetType().ToString() ?? "null"} is no primitive type that is known.", nameof(o));
}
