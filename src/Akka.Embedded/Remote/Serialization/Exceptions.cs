using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Remote.Serialization.Bodies;
using Akka.Util;

namespace Akka.Remote.Serialization;

/// <summary>Exceptions on the wire: the name of their type, their texts and their causes.</summary>
/// <remarks>Akka.NET loads the named type and lets it rebuild itself. Here a name from the wire never loads a type: those of
/// <see cref="KnownExceptions"/> come back as themselves, all others as a <see cref="RemoteFailureException"/>.</remarks>
internal static class Exceptions
{
    /// <summary>Causes below this depth are left out.</summary>
    public const int MaxCauses = 16;

    public static ExceptionBody? Write(ExtendedActorSystem system, Exception? exception, int depth = 0)
    {
        if (exception is null || depth > MaxCauses) return null;
        var body = new ExceptionBody
        {
            TypeName = (exception as RemoteFailureException)?.TypeName ?? TypeNames.Of(exception.GetType()),
            Message = (exception as RemoteFailureException)?.RemoteMessage ?? exception.Message,
            StackTrace = exception.StackTrace ?? "",
            Source = exception.Source ?? "",
            InnerException = Write(system, exception.InnerException, depth + 1),
            // .NET Framework finds the type by this.
            TypeForwardedFrom = ForwardedFrom(exception.GetType()),
        };
        foreach (var (field, value) in KnownExceptions.FieldsOf(exception))
            body.CustomFields.Add(field, Payloads.Write(system, value));
        return body;
    }

    public static Exception? Read(ExceptionBody? body)
    {
        // Protobuf itself bounds how deep messages lie in one another.
        if (body is null) return null;
        var inner = Read(body.InnerException);
        var exception = KnownExceptions.Make(body.TypeName, body.Message, inner)
            ?? new RemoteFailureException(body.TypeName, body.Message, inner);
        exception.Source = body.Source;
        if (body.StackTrace.Length > 0) ExceptionDispatchInfo.SetRemoteStackTrace(exception, body.StackTrace);
        return exception;
    }

    private static string ForwardedFrom(Type type) =>
        Attribute.GetCustomAttribute(type, typeof(TypeForwardedFromAttribute)) is TypeForwardedFromAttribute from
            ? from.AssemblyFullName : "";
}

/// <summary>An exception of another system, of a type that is not known here.</summary>
internal sealed class RemoteFailureException(string typeName, string remoteMessage, Exception? cause)
    : AkkaException($"{typeName}: {remoteMessage}", cause)
{
    /// <summary>Its type over there, as the wire says.</summary>
    public string TypeName { get; } = typeName;
    public string RemoteMessage { get; } = remoteMessage;
}
