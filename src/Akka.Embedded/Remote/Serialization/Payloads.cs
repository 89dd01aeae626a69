using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Remote.Wire.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Messages and references inside other messages.</summary>
internal static class Payloads
{
    /// <summary>How deep messages may lie in one another. Each level costs stack, and a frame has room for thousands.</summary>
    public const int MaxDepth = 16;

    [ThreadStatic]
    private static int s_depth;

    public static Payload Write(ExtendedActorSystem system, object? message)
    {
        if (message is null) return new Payload();
        var serializer = system.Serialization.FindSerializerFor(message);
        var payload = new Payload
        {
            SerializerId = serializer.Identifier,
            // Nobody changes the array: it is either new or, as with byte[], a message, which nobody may change.
            Message = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(message)),
        };
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        if (manifest.Length > 0) payload.MessageManifest = ByteString.CopyFromUtf8(manifest);
        return payload;
    }

    /// <exception cref="SerializationException">Nobody can read it, or it lies too deep.</exception>
    public static object? Read(ExtendedActorSystem system, Payload? payload)
    {
        if (payload is null) return null;
        if (s_depth == MaxDepth) throw new SerializationException($"Messages lie more than {MaxDepth} deep in one another.");
        s_depth++;
        try
        {
            return system.Serialization.Deserialize(payload.Message.ToByteArray(), payload.SerializerId,
                Encoding.UTF8.GetString(payload.MessageManifest.Span));
        }
        finally
        {
            s_depth--;
        }
    }

    public static ActorRefData Write(IActorRef actorRef) =>
        new() { Path = Akka.Serialization.Serialization.SerializedActorPath(actorRef) };

    /// <summary>The reference; dead letters if the path is none.</summary>
    public static IInternalActorRef Read(ExtendedActorSystem system, ActorRefData? body) =>
        (IInternalActorRef)system.Provider.ResolveActorRef(body?.Path ?? "");
}
