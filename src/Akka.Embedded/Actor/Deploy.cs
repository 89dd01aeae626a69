using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor lives.</summary>
public abstract class Scope : IEquatable<Scope>
{
    public static readonly LocalScope Local = LocalScope.Instance;

    public abstract Scope WithFallback(Scope other);
    public abstract Scope Copy();

    public virtual bool Equals(Scope? other) => other is not null && GetType() == other.GetType();
    public override bool Equals(object? obj) => obj is Scope other && Equals(other);
    public override int GetHashCode() => GetType().GetHashCode();
}

/// <summary>In this process.</summary>
public class LocalScope : Scope, ISurrogated
{
    private LocalScope() { }

    public static LocalScope Instance { get; } = new();

    public override Scope WithFallback(Scope other) => Instance;
    public override Scope Copy() => Instance;
    public ISurrogate ToSurrogate(ActorSystem system) => new LocalScopeSurrogate();

    private sealed class LocalScopeSurrogate : ISurrogate
    {
        public ISurrogated FromSurrogate(ActorSystem system) => Instance;
    }
}

/// <summary>What is set from outside for an actor: dispatcher, mailbox, stash capacity.</summary>
public class Deploy : IEquatable<Deploy>
{
    public const int NoStashSize = -1;
    public static readonly string NoDispatcherGiven = string.Empty;
    public static readonly string NoMailboxGiven = string.Empty;
    public static readonly Scope NoScopeGiven = LocalScope.Instance;
    public static readonly Deploy Local = new(Scope.Local);
    public static readonly Deploy None = Local;

    public Deploy() : this(LocalScope.Instance) { }
    public Deploy(Scope scope) : this("", scope) { }
    public Deploy(string path, Scope scope) : this(path, Config.Empty, scope, NoDispatcherGiven, NoMailboxGiven, NoStashSize) { }

    private Deploy(string path, Config config, Scope scope, string dispatcher, string mailbox, int stashCapacity)
    {
        Path = path;
        Config = config;
        Scope = scope;
        Dispatcher = dispatcher;
        Mailbox = mailbox;
        StashCapacity = stashCapacity;
    }

    public string Path { get; }
    public Config Config { get; }
    public Scope Scope { get; }
    public string Dispatcher { get; }
    public string Mailbox { get; }
    public int StashCapacity { get; }

    public virtual Deploy WithDispatcher(string dispatcher) => new(Path, Config, Scope, dispatcher, Mailbox, StashCapacity);
    public virtual Deploy WithMailbox(string mailbox) => new(Path, Config, Scope, Dispatcher, mailbox, StashCapacity);
    public virtual Deploy WithScope(Scope scope) => new(Path, Config, scope, Dispatcher, Mailbox, StashCapacity);
    public virtual Deploy WithStashCapacity(int stashSize) => new(Path, Config, Scope, Dispatcher, Mailbox, stashSize);

    public virtual Deploy WithFallback(Deploy other) => new(
        Path, ReferenceEquals(Config, other.Config) ? Config : Config.WithFallback(other.Config), Scope,
        Dispatcher == NoDispatcherGiven ? other.Dispatcher : Dispatcher,
        Mailbox == NoMailboxGiven ? other.Mailbox : Mailbox,
        StashCapacity == NoStashSize ? other.StashCapacity : StashCapacity);

    public bool Equals(Deploy? other) =>
        other is not null && Path == other.Path && Dispatcher == other.Dispatcher && Mailbox == other.Mailbox
        && StashCapacity == other.StashCapacity && Scope.Equals(other.Scope);

    public override bool Equals(object? obj) => obj is Deploy other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Path, Dispatcher, Mailbox, StashCapacity);
}
