using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;

namespace Akka.Remote.Inbound;

/// <summary>Makes messages of the envelopes of one connection. For one thread.</summary>
internal sealed class InboundMessages(Remoting remoting, string peer)
{
    private const int Paths = 512;
    private const int Manifests = 64;

    private readonly Utf8Cache<IInternalActorRef> _recipients = new(Paths);
    private readonly Utf8Cache<IActorRef> _senders = new(Paths);
    private readonly Utf8Cache<string> _manifests = new(Manifests);

    /// <summary>Whether numbered messages have come that are not acknowledged.</summary>
    public bool HasNumbered { get; set; }

    /// <summary>Reads an envelope.</summary>
    /// <returns>False: nobody here can get or understand it; that is logged.</returns>
    public bool TryRead(scoped in Frame frame, out InboundMessage message)
    {
        message = default;
        var recipient = Recipient(frame.Recipient);
        if (recipient is null)
        {
            Drop(frame, $"this system is [{remoting.Address}]");
            return false;
        }
        try
        {
            var payload = remoting.Serialization.Deserialize(Copy(frame.Payload), frame.SerializerId, Manifest(frame.Manifest));
            if (payload is null)
            {
                Drop(frame, "it is null");
                return false;
            }
            message = new InboundMessage(payload, recipient, Sender(frame.Sender));
            return true;
        }
        catch (Exception e)
        {
            Drop(frame, e.Message);
            return false;
        }
    }

    public void Deliver(in InboundMessage message)
    {
        if (remoting.Settings.LogReceive)
            remoting.System.Log.Debug("Received [{0}] for [{1}] from [{2}]", message.Message, message.Recipient, message.Sender);
        message.Deliver(remoting);
    }

    /// <summary>Makes a dead letter of a frame of our own that could not be sent.</summary>
    public void Bury(byte[] frame)
    {
        if (!Frame.TryRead(frame, out var parts)) return;
        try
        {
            var message = remoting.Serialization.Deserialize(Copy(parts.Payload), parts.SerializerId, Manifest(parts.Manifest));
            var recipient = remoting.Provider.ResolveActorRef(Encoding.UTF8.GetString(parts.Recipient));
            remoting.Bury(message, Sender(parts.Sender), recipient);
        }
        catch (Exception e)
        {
            Drop(parts, e.Message); // Its serializer can write, but not read.
        }
    }

    private IInternalActorRef? Recipient(ReadOnlySpan<byte> path)
    {
        // Who has stopped may have a successor at the same path.
        if (_recipients.Find(path) is { IsTerminated: false } known) return known;
        if (!ActorPath.TryParse(Encoding.UTF8.GetString(path), out var actorPath)
            || !remoting.Provider.HasAddress(actorPath.Address)) return null;
        var found = remoting.Provider.ResolveActorRef(actorPath).AsInternal();
        if (found is ActorRefWithCell) _recipients.Put(path, found);
        return found;
    }

    private IActorRef? Sender(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return null;
        if (_senders.Find(path) is { } known) return known;
        var found = remoting.Provider.ResolveActorRef(Encoding.UTF8.GetString(path));
        // Who asks has a path for each question, which is never seen again.
        if (found is RemoteActorRef && path.IndexOf("/temp/"u8) < 0) _senders.Put(path, found);
        return found;
    }

    private string Manifest(ReadOnlySpan<byte> manifest)
    {
        if (manifest.IsEmpty) return "";
        if (_manifests.Find(manifest) is { } known) return known;
        var text = Encoding.UTF8.GetString(manifest);
        _manifests.Put(manifest, text);
        return text;
    }

    private static byte[] Copy(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return [];
        var copy = GC.AllocateUninitializedArray<byte>(payload.Length);
        payload.CopyTo(copy);
        return copy;
    }

    private void Drop(scoped in Frame frame, string cause) => remoting.LogTrouble(
        $"A message from [{peer}] with serializer {frame.SerializerId} and manifest [{Encoding.UTF8.GetString(frame.Manifest)}]"
        + $" for [{Encoding.UTF8.GetString(frame.Recipient)}] is dropped: {cause}");
}
