using Akka.Util;

namespace Akka.Actor;

/// <summary>Identity of references: path and uid.</summary>
public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef sender)
    {
        if (message is null) throw new InvalidMessageException("Message is null.");
        TellInternal(message, sender);
    }

    protected abstract void TellInternal(object message, IActorRef sender);

    public virtual ISurrogate ToSurrogate(ActorSystem system) =>
        new Surrogate(Akka.Serialization.Serialization.SerializedActorPath(this));

    public override string ToString() => Path.Uid == ActorCell.UndefinedUid ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override int GetHashCode() => HashCode.Combine(Path.GetHashCode(), Path.Uid);

    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        IActorRef other => CompareTo(other),
        _ => throw new ArgumentException($"{obj.GetType()} is no {nameof(IActorRef)}.", nameof(obj)),
    };

    /// <summary>Form in which a reference travels inside another message.</summary>
    public class Surrogate(string path) : ISurrogate
    {
        public string Path { get; } = path;

        public ISurrogated FromSurrogate(ActorSystem system) => ((ExtendedActorSystem)system).Provider.ResolveActorRef(Path);
    }
}
