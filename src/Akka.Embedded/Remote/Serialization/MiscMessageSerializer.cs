using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Small messages of Akka's own, references and common answers: number 16.</summary>
/// <remarks>Those of Akka.NET's that belong to routers and remote deployment have no type here. Configuration (CF) is not read:
/// text from a peer must not include files or see the environment.</remarks>
public sealed class MiscMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string IdentifyName = "ID";
    private const string ActorIdentityName = "AID";
    private const string ActorRefName = "AR";
    private const string PoisonPillName = "PP";
    private const string KillName = "K";
    private const string HeartbeatName = "RWHB";
    private const string HeartbeatResponseName = "RWHR";
    private const string SuccessName = "STS";
    private const string FailureName = "STF";
    private const string LocalScopeName = "LS";
    private const string NobodyPath = "nobody";

    public override string Manifest(object o) => o switch
    {
        Identify => IdentifyName,
        ActorIdentity => ActorIdentityName,
        IActorRef => ActorRefName,
        PoisonPill => PoisonPillName,
        Kill => KillName,
        RemoteWatcher.Heartbeat => HeartbeatName,
        RemoteWatcher.HeartbeatRsp => HeartbeatResponseName,
        Status.Success => SuccessName,
        Status.Failure => FailureName,
        LocalScope => LocalScopeName,
        _ => throw Unknown(o),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Identify identify => Write(identify).ToByteArray(),
        ActorIdentity identity => Write(identity).ToByteArray(),
        IActorRef actorRef => new ActorRefData { Path = PathOf(actorRef) }.ToByteArray(),
        PoisonPill or Kill or RemoteWatcher.Heartbeat or LocalScope => [],
        RemoteWatcher.HeartbeatRsp response =>
            new HeartbeatResponseBody { Uid = unchecked((ulong)response.AddressUid) }.ToByteArray(),
        Status.Success success => new StatusSuccessBody { Status = Payloads.Write(system, Plain(success.Status)) }.ToByteArray(),
        Status.Failure failure => new StatusFailureBody
        {
            Cause = Exceptions.Write(system, failure.Cause),
            State = Payloads.Write(system, failure.State),
        }.ToByteArray(),
        _ => throw Unknown(obj),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        IdentifyName => new Identify(Payloads.Read(system, IdentifyBody.Parser.ParseFrom(bytes).MessageId)),
        ActorIdentityName => ReadIdentity(ActorIdentityBody.Parser.ParseFrom(bytes)),
        ActorRefName => ReadRef(ActorRefData.Parser.ParseFrom(bytes).Path),
        PoisonPillName => PoisonPill.Instance,
        KillName => Kill.Instance,
        HeartbeatName => RemoteWatcher.Heartbeat.Instance,
        HeartbeatResponseName =>
            new RemoteWatcher.HeartbeatRsp(unchecked((int)HeartbeatResponseBody.Parser.ParseFrom(bytes).Uid)),
        SuccessName => new Status.Success(Payloads.Read(system, StatusSuccessBody.Parser.ParseFrom(bytes).Status)!),
        FailureName => ReadFailure(StatusFailureBody.Parser.ParseFrom(bytes)),
        LocalScopeName => LocalScope.Instance,
        _ => throw new SerializationException($"[{manifest}] is no message that serializer {Identifier} knows."),
    };

    private IdentifyBody Write(Identify identify) =>
        identify.MessageId is null ? new() : new() { MessageId = Payloads.Write(system, identify.MessageId) };

    private ActorIdentityBody Write(ActorIdentity identity) => new()
    {
        CorrelationId = Payloads.Write(system, identity.MessageId),
        Path = identity.Subject is null ? "" : Akka.Serialization.Serialization.SerializedActorPath(identity.Subject),
    };

    private ActorIdentity ReadIdentity(ActorIdentityBody body) => new(Payloads.Read(system, body.CorrelationId),
        body.Path.Length == 0 ? null : system.Provider.ResolveActorRef(body.Path));

    private Status.Failure ReadFailure(StatusFailureBody body) =>
        new(Exceptions.Read(body.Cause)!, Payloads.Read(system, body.State));

    private static string PathOf(IActorRef actorRef) =>
        actorRef is Nobody ? NobodyPath : Akka.Serialization.Serialization.SerializedActorPath(actorRef);

    private IActorRef ReadRef(string path) => path == NobodyPath ? ActorRefs.Nobody : system.Provider.ResolveActorRef(path);

    // What Status.Success.Instance has for a status, which says nothing.
    private static object? Plain(object? status) => status?.GetType() == typeof(object) ? null : status;

    private static ArgumentException Unknown(object? o) =>
        new($"{o?.GetType().ToString() ?? "null"} is no message of {nameof(MiscMessageSerializer)}.", nameof(o));
}
