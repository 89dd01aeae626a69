using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Embedded.Tests.Embedded.Remote.Watching;

/// <summary>A reference to another system that keeps what is sent to it.</summary>
internal sealed class ForeignRef(string path, ActorSystem system) : MinimalActorRef
{
    public override ActorPath Path { get; } = ActorPath.Parse(path);
    public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;
    public override bool IsLocal => false;
    public ConcurrentQueue<object> Sent { get; } = new();

    public override void SendSystemMessage(ISystemMessage message) => Sent.Enqueue(message);
    protected override void TellInternal(object message, IActorRef sender) => Sent.Enqueue(message);
}
