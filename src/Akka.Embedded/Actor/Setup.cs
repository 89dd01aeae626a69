using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>Something that a program, rather than a file, gives to its actor system.</summary>
public abstract class Setup
{
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}

/// <summary>The setups of a system, one of each class.</summary>
public sealed class ActorSystemSetup
{
    public static readonly ActorSystemSetup Empty = new(ImmutableDictionary<Type, Setup>.Empty);

    private readonly ImmutableDictionary<Type, Setup> _byType;

    private ActorSystemSetup(ImmutableDictionary<Type, Setup> byType) => _byType = byType;

    public static ActorSystemSetup Create(params Setup[] setup) =>
        new(setup.Aggregate(ImmutableDictionary<Type, Setup>.Empty, static (all, next) => all.SetItem(next.GetType(), next)));

    public Option<T> Get<T>() where T : Setup =>
        _byType.TryGetValue(typeof(T), out var setup) ? new Option<T>((T)setup) : Option<T>.None;
    public ActorSystemSetup WithSetup<T>(T setup) where T : Setup => new(_byType.SetItem(setup.GetType(), setup));
    public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);
    public override string ToString() => $"ActorSystemSetup({string.Join(", ", _byType.Keys.Select(t => t.Name))})";
}
