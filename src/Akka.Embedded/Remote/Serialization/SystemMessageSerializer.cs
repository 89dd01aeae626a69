using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization.Bodies;
using Akka.Serialization;
using Akka.Util;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>System messages: number 22, with the name of the type as manifest. Other types than these are never looked for.
/// </summary>
public sealed class SystemMessageSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private static readonly FrozenDictionary<string, Type> Known = new[]
    {
        typeof(Create), typeof(Recreate), typeof(Suspend), typeof(Resume), typeof(Terminate), typeof(Supervise), typeof(Watch),
        typeof(Unwatch), typeof(Failed), typeof(DeathWatchNotification),
    }.ToFrozenDictionary(TypeNames.Of);

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj)
    {
        IMessage? body = obj switch
        {
            Watch watch => new WatchBody { Watchee = Payloads.Write(watch.Watchee), Watcher = Payloads.Write(watch.Watcher) },
            Unwatch unwatch =>
                new WatchBody { Watchee = Payloads.Write(unwatch.Watchee), Watcher = Payloads.Write(unwatch.Watcher) },
            DeathWatchNotification died => new DeathWatchNotificationBody
            {
                Actor = Payloads.Write(died.Actor),
                ExistenceConfirmed = died.ExistenceConfirmed,
                AddressTerminated = died.AddressTerminated,
            },
            Supervise supervise => new SuperviseBody { Child = Payloads.Write(supervise.Child), Async = supervise.Async },
            Failed failed => new FailedBody
            {
                Child = Payloads.Write(failed.Child),
                Cause = Exceptions.Write(system, failed.Cause),
                Uid = unchecked((ulong)failed.Uid),
            },
            Create create => new CauseBody { Cause = Exceptions.Write(system, create.Failure) },
            Recreate recreate => new CauseBody { Cause = Exceptions.Write(system, recreate.Cause) },
            Resume resume => new CauseBody { Cause = Exceptions.Write(system, resume.CausedByFailure) },
            Suspend or Terminate => null,
            _ => throw new ArgumentException($"{obj?.GetType()} is no system message that can travel.", nameof(obj)),
        };
        return body?.ToByteArray() ?? [];
    }

    public override object FromBinary(byte[] bytes, Type type)
    {
        if (type == typeof(Watch) || type == typeof(Unwatch))
        {
            var body = WatchBody.Parser.ParseFrom(bytes);
            var (watchee, watcher) = (Payloads.Read(system, body.Watchee), Payloads.Read(system, body.Watcher));
            return type == typeof(Watch) ? new Watch(watchee, watcher) : new Unwatch(watchee, watcher);
        }
        if (type == typeof(DeathWatchNotification))
        {
            var body = DeathWatchNotificationBody.Parser.ParseFrom(bytes);
            return new DeathWatchNotification(Payloads.Read(system, body.Actor), body.ExistenceConfirmed, body.AddressTerminated);
        }
        if (type == typeof(Supervise))
        {
            var body = SuperviseBody.Parser.ParseFrom(bytes);
            return new Supervise(Payloads.Read(system, body.Child), body.Async);
        }
        if (type == typeof(Failed))
        {
            var body = FailedBody.Parser.ParseFrom(bytes);
            return new Failed(Payloads.Read(system, body.Child), CauseOf(body.Cause), unchecked((long)body.Uid));
        }
        if (type == typeof(Create)) return new Create(Cause(bytes) as ActorInitializationException);
        if (type == typeof(Recreate)) return new Recreate(CauseOf(CauseBody.Parser.ParseFrom(bytes).Cause));
        if (type == typeof(Resume)) return new Resume(Cause(bytes));
        if (type == typeof(Suspend)) return new Suspend();
        if (type == typeof(Terminate)) return new Terminate();
        throw new SerializationException($"[{type}] is no system message that can travel.");
    }

    internal override Type? FindType(string manifest) => Known.GetValueOrDefault(manifest);

    private static Exception? Cause(byte[] bytes) => Exceptions.Read(CauseBody.Parser.ParseFrom(bytes).Cause);

    private static Exception CauseOf(ExceptionBody? body) =>
        Exceptions.Read(body) ?? throw new SerializationException("A failure without a cause.");
}
