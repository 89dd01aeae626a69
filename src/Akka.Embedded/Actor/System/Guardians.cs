using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands at / and /user: does nothing but supervise.</summary>
public class GuardianActor : ActorBase, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated: Context.Stop(Self); break;
            case StopChild stop: Context.Stop(stop.Child); break;
            default: Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender); break;
        }
        return true;
    }

    protected override void PreStart() { }
}

/// <summary>Stands at /system: stops after /user has stopped and all who asked for it have finished their work.</summary>
public class SystemGuardianActor : ActorBase, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    private readonly IActorRef _userGuardian;
    private readonly HashSet<IActorRef> _hooks = [];

    public SystemGuardianActor(IActorRef userGuardian) => _userGuardian = userGuardian;

    protected override void PreStart() => Context.Watch(_userGuardian);

    // Its children are the system's own: they survive a restart.
    protected override void PreRestart(Exception reason, object message) { }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_userGuardian):
                Become(Terminating);
                foreach (var hook in _hooks) hook.Tell(TerminationHook.Instance);
                StopWhenAllDone();
                break;
            case Terminated terminated: _hooks.Remove(terminated.ActorRef); break;
            case StopChild stop: Context.Stop(stop.Child); break;
            case RegisterTerminationHook when !Sender.Equals(Context.System.DeadLetters):
                _hooks.Add(Sender);
                Context.Watch(Sender);
                break;
            default: Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender); break;
        }
        return true;
    }

    private bool Terminating(object message)
    {
        switch (message)
        {
            case Terminated terminated: HookDone(terminated.ActorRef); break;
            case TerminationHookDone: HookDone(Sender); break;
            default: Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender); break;
        }
        return true;
    }

    private void HookDone(IActorRef hook)
    {
        _hooks.Remove(hook);
        StopWhenAllDone();
    }

    private void StopWhenAllDone()
    {
        if (_hooks.Count > 0) return;
        var system = (ActorSystemImpl)Context.System;
        system.EventStream.StopDefaultLoggers(system);
        Context.Stop(Self);
    }
}

/// <summary>The root of the tree, and the names below it that are no actors.</summary>
internal sealed class RootGuardianRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType,
    IInternalActorRef supervisor, ActorPath path, Func<string, IInternalActorRef?> extraNames)
    : LocalActorRef(system, props, dispatcher, mailboxType, supervisor, path)
{
    public override IInternalActorRef Parent => this;

    public override IInternalActorRef GetSingleChild(string name) => extraNames(name) ?? base.GetSingleChild(name);
}

/// <summary>Above the root: hears of its end, and of failures that nobody below could handle.</summary>
internal sealed class RootGuardianSupervisor(ActorPath root, IActorRefProvider provider, Action<Exception?> terminated)
    : MinimalActorRef
{
    private Exception? _cause;

    public override ActorPath Path { get; } = root / "_Root-guardian-supervisor";
    public override IActorRefProvider Provider { get; } = provider;

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                _cause = failed.Cause;
                failed.Child.AsInternal().Stop();
                break;
            case DeathWatchNotification:
                terminated(_cause);
                break;
        }
    }
}
