using Akka.Actor;

namespace Akka.Util;

/// <summary>Wire form of an <see cref="ISurrogated"/>.</summary>
public interface ISurrogate
{
    ISurrogated FromSurrogate(ActorSystem system);
}

/// <summary>A value that travels as something else.</summary>
public interface ISurrogated
{
    ISurrogate ToSurrogate(ActorSystem system);
}
