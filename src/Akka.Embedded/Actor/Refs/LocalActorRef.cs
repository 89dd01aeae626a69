using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Reference to an actor of this process.</summary>
public class LocalActorRef : ActorRefWithCell
{
    private readonly ActorCell _cell;

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
        IInternalActorRef supervisor, ActorPath path)
    {
        Path = path;
        _cell = new ActorCell(system, this, props, dispatcher, supervisor);
        // The supervisor's cell already knows this child: it reserved the name and takes the reference.
        _cell.Init(sendSupervise: true, mailboxType);
    }

    public override ActorPath Path { get; }

    /// <summary>The path as other systems know it, in UTF-8; null before it has been needed.</summary>
    internal byte[]? SerializedPath { get; set; }

    public ActorCell Cell => _cell;
    public override ICell Underlying => _cell;
    public override IInternalActorRef Parent => _cell.Parent;
    public override IActorRefProvider Provider => _cell.SystemImpl.Provider;
    public override bool IsTerminated => _cell.IsTerminated;
    public override bool IsLocal => true;
    public override IEnumerable<IActorRef> Children => _cell.GetChildren();

    public override IInternalActorRef GetSingleChild(string name) => _cell.GetSingleChild(name);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IInternalActorRef current = this;
        for (var i = 0; i < name.Count; i++)
        {
            if (string.IsNullOrEmpty(name[i])) continue;
            if (name[i] == "..") { current = current.Parent; continue; }
            if (current is not ActorRefWithCell withCell)
                return current.GetChild(name.Skip(i).ToArray());
            current = withCell.GetSingleChild(name[i]);
        }
        return current;
    }

    public override void Resume(Exception? causedByFailure = null) => _cell.Resume(causedByFailure!);
    public override void Start() => _cell.Start();
    public override void Stop() => _cell.Stop();
    public override void Restart(Exception cause) => _cell.Restart(cause);
    public override void Suspend() => _cell.Suspend();
    public override void SendSystemMessage(ISystemMessage message) => _cell.SendSystemMessage(message);
    protected override void TellInternal(object message, IActorRef sender) => _cell.SendMessage(sender, message);
}
