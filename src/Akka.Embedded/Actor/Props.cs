using System.Linq.Expressions;
using Akka.Actor.Internal;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Makes an actor by other means than its constructor.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }
    ActorBase Produce();
    void Release(ActorBase actor);
}

/// <summary>Recipe for an actor: immutable, used again at each restart.</summary>
public class Props : IEquatable<Props>, ISurrogated
{
    /// <summary>Makes an actor that handles nothing.</summary>
    public static readonly Props None = new(typeof(EmptyActor));

    private IIndirectActorProducer _producer;

    protected Props() : this(Deploy.Local, typeof(EmptyActor)) { }

    protected Props(Props copy)
    {
        Deploy = copy.Deploy;
        Type = copy.Type;
        Arguments = copy.Arguments;
        SupervisorStrategy = copy.SupervisorStrategy;
        _producer = copy._producer;
    }

    public Props(Type type) : this(Deploy.Local, type) { }
    public Props(Type type, object[] args) : this(Deploy.Local, type, args) { }

    public Props(Type type, SupervisorStrategy supervisorStrategy, params object[] args) : this(Deploy.Local, type, args) =>
        SupervisorStrategy = supervisorStrategy;

    public Props(Type type, SupervisorStrategy supervisorStrategy, IEnumerable<object> args)
        : this(type, supervisorStrategy, args.ToArray()) { }

    public Props(Deploy deploy, Type type, IEnumerable<object> args) : this(deploy, type, args.ToArray()) { }

    public Props(Deploy deploy, Type type, params object[] args)
    {
        Deploy = deploy;
        Type = type ?? throw new ArgumentNullException(nameof(type), "Props need the class of an actor.");
        Arguments = args ?? [];
        _producer = typeof(IIndirectActorProducer).IsAssignableFrom(type)
            ? (IIndirectActorProducer)Activator.CreateInstance(type, Arguments)!
            : new ConstructorProducer(type, Arguments);
        if (!ReferenceEquals(_producer.ActorType, type) && _producer is not ConstructorProducer) Type = _producer.ActorType;
    }

    private Props(IIndirectActorProducer producer, object[] args)
    {
        Deploy = Deploy.Local;
        Type = producer.ActorType;
        Arguments = args;
        _producer = producer;
    }

    /// <summary>The default recipe: an actor that handles nothing.</summary>
    public static Props Empty => None;

    public Type Type { get; }
    public object[] Arguments { get; }
    public string TypeName => Type.AssemblyQualifiedName!;
    public Deploy Deploy { get; protected set; }
    public SupervisorStrategy? SupervisorStrategy { get; protected set; }
    public string Dispatcher =>
        Deploy.Dispatcher is { } id && id != Deploy.NoDispatcherGiven ? id : Dispatch.Dispatchers.DefaultDispatcherId;
    public string Mailbox => Deploy.Mailbox is { } id && id != Deploy.NoMailboxGiven ? id : Dispatch.Mailboxes.DefaultMailboxId;

    /// <summary>From a <c>new</c> expression: its constructor and the values of its arguments now.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory,
        SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        if (factory.Body is not NewExpression creation)
            throw new ArgumentException("Only a constructor call can be made into Props.", nameof(factory));
        var args = creation.Arguments.Select(ExpressionValues.Evaluate).ToArray();
        var type = creation.Type;
        var producer = new ConstructorProducer(type, args!, creation.Constructor);
        return new Props(producer, args!) { SupervisorStrategy = supervisorStrategy };
    }

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), supervisorStrategy, []);

    public static Props Create(Type type, params object[] args) => new(type, args);

    public static Props CreateBy<TProducer>(params object[] args) where TProducer : class, IIndirectActorProducer =>
        new((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!, args);

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) => new(producer, args);

    public Props WithDispatcher(string dispatcher) => With(p => p.Deploy = Deploy.WithDispatcher(dispatcher));
    public Props WithMailbox(string mailbox) => With(p => p.Deploy = Deploy.WithMailbox(mailbox));
    public Props WithStashCapacity(int stashCapacity) => With(p => p.Deploy = Deploy.WithStashCapacity(stashCapacity));
    public Props WithDeploy(Deploy deploy) => With(p => p.Deploy = deploy.WithFallback(Deploy));
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        With(p => p.SupervisorStrategy = supervisorStrategy);

    /// <summary>Makes the actor; only in the context it is for.</summary>
    public virtual ActorBase NewActor() => _producer.Produce();

    internal void Release(ActorBase actor) => _producer.Release(actor);

    protected virtual Props Copy() => new(this);

    public ISurrogate ToSurrogate(ActorSystem system) =>
        throw new NotSupportedException("Props don't leave the process: actors are not deployed remotely.");

    public bool Equals(Props? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Type == other.Type && Deploy.Equals(other.Deploy)
            && Equals(SupervisorStrategy, other.SupervisorStrategy)
            && Arguments.SequenceEqual(other.Arguments)
                && (_producer is ConstructorProducer || ReferenceEquals(_producer, other._producer)));

    public override bool Equals(object? obj) => obj is Props other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Type, Deploy, Arguments.Length);

    private Props With(Action<Props> change)
    {
        var copy = Copy();
        change(copy);
        return copy;
    }

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
