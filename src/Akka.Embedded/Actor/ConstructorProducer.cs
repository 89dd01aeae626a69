using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Akka.Actor.Internal;

/// <summary>Makes actors by calling a constructor.</summary>
internal sealed class ConstructorProducer(Type type, object[] args, ConstructorInfo? constructor = null) : IIndirectActorProducer
{
    private const BindingFlags AnyConstructor = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public Type ActorType => type;

    public ActorBase Produce()
    {
        try
        {
            return (ActorBase)(constructor is not null
                ? constructor.Invoke(args)
                : Activator.CreateInstance(type, AnyConstructor, null, args, null)!);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Capture(e.InnerException).Throw();
            throw;
        }
        catch (MissingMethodException e)
        {
            var types = string.Join(", ", args.Select(a => a?.GetType().ToString() ?? "null"));
            throw new ActorInitializationException($"No constructor of [{type}] fits the arguments ({types}).", e);
        }
    }

    public void Release(ActorBase actor) { }
}

/// <summary>Values of the arguments in a <c>new</c> expression.</summary>
internal static class ExpressionValues
{
    public static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(Target(member)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(Target(member)),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object)))
            .Compile(preferInterpretation: true)(),
    };

    private static object? Target(MemberExpression member) => member.Expression is null ? null : Evaluate(member.Expression);
}
