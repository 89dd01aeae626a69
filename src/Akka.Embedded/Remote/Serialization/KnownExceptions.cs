using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Pattern;

namespace Akka.Remote.Serialization;

/// <summary>Exceptions that come back from the wire as their own type: common ones of .NET, and Akka's that carry no more than
/// texts.</summary>
internal static class KnownExceptions
{
    private static readonly FrozenDictionary<string, Func<string, Exception?, Exception>> Makers =
        new Dictionary<Type, Func<string, Exception?, Exception>>
        {
            [typeof(Exception)] = (m, i) => new Exception(m, i),
            [typeof(ApplicationException)] = (m, i) => new ApplicationException(m, i),
            [typeof(ArgumentException)] = (m, i) => new ArgumentException(m, i),
            [typeof(ArgumentNullException)] = (m, i) => new ArgumentNullException(m, i),
            [typeof(ArgumentOutOfRangeException)] = (m, i) => new ArgumentOutOfRangeException(m, i),
            [typeof(ArithmeticException)] = (m, i) => new ArithmeticException(m, i),
            [typeof(DivideByZeroException)] = (m, i) => new DivideByZeroException(m, i),
            [typeof(FormatException)] = (m, i) => new FormatException(m, i),
            [typeof(IndexOutOfRangeException)] = (m, i) => new IndexOutOfRangeException(m, i),
            [typeof(InvalidCastException)] = (m, i) => new InvalidCastException(m, i),
            [typeof(InvalidDataException)] = (m, i) => new InvalidDataException(m, i),
            [typeof(InvalidOperationException)] = (m, i) => new InvalidOperationException(m, i),
            [typeof(IOException)] = (m, i) => new IOException(m, i),
            [typeof(EndOfStreamException)] = (m, i) => new EndOfStreamException(m, i),
            [typeof(KeyNotFoundException)] = (m, i) => new KeyNotFoundException(m, i),
            [typeof(NotImplementedException)] = (m, i) => new NotImplementedException(m, i),
            [typeof(NotSupportedException)] = (m, i) => new NotSupportedException(m, i),
            [typeof(NullReferenceException)] = (m, i) => new NullReferenceException(m, i),
            [typeof(ObjectDisposedException)] = (m, i) => new ObjectDisposedException(m, i),
            [typeof(OperationCanceledException)] = (m, i) => new OperationCanceledException(m, i),
            [typeof(TaskCanceledException)] = (m, i) => new TaskCanceledException(m, i),
            [typeof(OverflowException)] = (m, i) => new OverflowException(m, i),
            [typeof(SerializationException)] = (m, i) => new SerializationException(m, i),
            [typeof(TimeoutException)] = (m, i) => new TimeoutException(m, i),
            [typeof(UnauthorizedAccessException)] = (m, i) => new UnauthorizedAccessException(m, i),
            [typeof(ActorInitializationException)] = (m, i) => i is null
                ? new ActorInitializationException(m) : new ActorInitializationException(m, i),
            [typeof(ActorKilledException)] = (m, _) => new ActorKilledException(m),
            [typeof(ActorNotFoundException)] = (m, i) => new ActorNotFoundException(m, i),
            [typeof(AskTimeoutException)] = (m, _) => new AskTimeoutException(m),
            [typeof(IllegalActorStateException)] = (m, _) => new IllegalActorStateException(m),
            [typeof(IllegalStateException)] = (m, _) => new IllegalStateException(m),
            [typeof(InvalidActorNameException)] = (m, i) => i is null
                ? new InvalidActorNameException(m) : new InvalidActorNameException(m, i),
            [typeof(InvalidMessageException)] = (m, _) => new InvalidMessageException(m),
            [typeof(StashOverflowException)] = (m, i) => new StashOverflowException(m, i),
        }.ToFrozenDictionary(known => known.Key.FullName!, known => known.Value);

    /// <summary>Null: not known. The assembly doesn't count, it differs between frameworks.</summary>
    public static Exception? Make(string typeName, string message, Exception? inner)
    {
        var comma = typeName.IndexOf(',');
        var make = Makers.GetValueOrDefault((comma < 0 ? typeName : typeName[..comma]).Trim());
        return make?.Invoke(message, inner);
    }

    /// <summary>What Akka.NET needs besides the texts to rebuild an exception of .NET's own.</summary>
    public static IEnumerable<(string Field, object? Value)> FieldsOf(Exception exception)
    {
        switch (exception)
        {
            // The message has the parameter's name in it already.
            case ArgumentOutOfRangeException: return [("ParamName", null), ("ActualValue", null)];
            case ArgumentException: return [("ParamName", null)];
            case ObjectDisposedException: return [("ObjectName", null)];
            default: return [];
        }
    }
}
