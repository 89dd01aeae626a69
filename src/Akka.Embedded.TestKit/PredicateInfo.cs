namespace Akka.TestKit;

/// <summary>A test that one message of some type must pass.</summary>
public class PredicateInfo
{
    private readonly Func<object, bool> _matches;

    private PredicateInfo(Delegate predicate, Type type, Func<object, bool> matches)
    {
        PredicateT = predicate;
        Type = type;
        _matches = matches;
    }

    public Delegate PredicateT { get; }

    /// <summary>The type of message.</summary>
    public Type Type { get; }

    public static PredicateInfo Create<T>(Predicate<T> predicateT) =>
        new(predicateT, typeof(T), message => message is T typed && predicateT(typed));

    internal bool Matches(object message) => _matches(message);

    public override string ToString() => $"a predicate on {Type.Name}";
}

public static class PredicateInfoFactory
{
    public static PredicateInfo CreatePredicateInfo<T>(this Predicate<T> predicateT) => PredicateInfo.Create(predicateT);
}
