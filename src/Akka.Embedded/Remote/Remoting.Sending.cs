using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Associations;
using Akka.Remote.Outbound;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>The way of a message out: serialized by whoever tells it, queued by its association.</summary>
internal sealed partial class Remoting
{
    private readonly ManifestCache _manifests = new();

    public void Send(object message, IActorRef? sender, RemoteActorRef recipient)
    {
        var association = recipient.Association;
        if (association.Queue.State == QueueState.Refusing)
        {
            Bury(message, sender, recipient);
            return;
        }
        if (Settings.LogSend) System.Log.Debug("Sending [{0}] to [{1}] from [{2}]", message, recipient, sender);
        if (!TrySerialize(message, recipient, out var payload, out var serializer, out var manifest)) return;
        var header = new EnvelopeWriter(recipient.EncodedPath, Encoded(sender), serializer.Identifier, manifest, payload.Length,
            Frame.Unsequenced);
        if (IsTooLarge(header, message, recipient)) return;
        while (!association.Send(header, payload, message, sender, recipient)) association = recipient.Association;
    }

    public void SendSystem(ISystemMessage message, RemoteActorRef recipient)
    {
        if (!TrySerialize(message, recipient, out var payload, out var serializer, out var manifest)) return;
        var header = new EnvelopeWriter(recipient.EncodedPath, default, serializer.Identifier, manifest, payload.Length, 0);
        if (IsTooLarge(header, message, recipient)) return;
        var bytes = new byte[header.FrameLength];
        header.WriteHeader(bytes);
        payload.CopyTo(bytes, header.HeaderLength);
        var frame = new SystemFrame(bytes, header.SeqOffset, message, recipient);
        var input = new AssociationProtocol.SendSystem(frame);
        while (!recipient.Association.Step(input)) { }
    }

    /// <summary>Makes a dead letter of what can't be sent.</summary>
    public void Bury(object message, IActorRef? sender, IActorRef recipient)
    {
        var from = sender ?? System.DeadLetters;
        if (message is ISystemMessage system) BurySystem(system);
        else System.DeadLetters.Tell(new DeadLetter(message, from, recipient), from);
    }

    // Who watches a system that is lost hears of it by the watcher's own means.
    private void BurySystem(ISystemMessage message)
    {
        if (message is IDeadLetterSuppression suppressed)
            System.EventStream.Publish(new SuppressedDeadLetter(suppressed, System.DeadLetters, System.DeadLetters));
    }

    private bool TrySerialize(object message, RemoteActorRef recipient, out byte[] payload, out Serializer serializer,
        out byte[] manifest)
    {
        try
        {
            serializer = Serialization.FindSerializerFor(message);
            payload = Serialization.SerializeWith(serializer, message);
            manifest = _manifests.Encoded(Akka.Serialization.Serialization.ManifestFor(serializer, message));
            return true;
        }
        catch (Exception e)
        {
            System.Log.Error(e, "{0} for [{1}] is not sent: {2}", message.GetType(), recipient.Path, e.Message);
            payload = manifest = [];
            serializer = null!;
            return false;
        }
    }

    private bool IsTooLarge(scoped in EnvelopeWriter header, object message, RemoteActorRef recipient)
    {
        if (header.FrameLength <= MaxFrameBytes) return false;
        System.Log.Error("{0} for [{1}] is not sent: it needs a frame of {2} bytes, and"
            + " akka.remote.dot-netty.tcp.maximum-frame-size is {3} (to be raised on all systems alike)",
            message.GetType(), recipient.Path, header.FrameLength, MaxFrameBytes);
        return true;
    }

    private byte[] Encoded(IActorRef? sender)
    {
        switch (sender)
        {
            case null: return [];
            case RemoteActorRef remote: return remote.EncodedPath;
            case LocalActorRef local: return local.SerializedPath ??= Encode(local);
            default: return sender.Equals(System.DeadLetters) || sender.IsNobody() ? [] : Encode(sender);
        }
    }

    private byte[] Encode(IActorRef actor) => Encoding.UTF8.GetBytes(actor.Path.ToSerializationFormatWithAddress(Address));
}
