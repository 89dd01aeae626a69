using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote.Inbound;

/// <summary>A message from another system, with who is to get it.</summary>
internal readonly record struct InboundMessage(object Message, IInternalActorRef Recipient, IActorRef? Sender)
{
    public void Deliver(Remoting remoting)
    {
        switch (Message)
        {
            case ActorSelectionMessage selection when Recipient.IsLocal:
                if (!remoting.Settings.UntrustedMode || MayBeSelected(selection, remoting))
                    ActorSelection.Deliver(Recipient, Sender!, selection);
                else
                    Refuse(remoting);
                break;
            case IPossiblyHarmful when remoting.Settings.UntrustedMode:
                Refuse(remoting);
                break;
            case ISystemMessage system:
                Recipient.SendSystemMessage(system);
                break;
            default:
                Recipient.Tell(Message, Sender!);
                break;
        }
    }

    private bool MayBeSelected(ActorSelectionMessage selection, Remoting remoting) =>
        selection.Message is not IPossiblyHarmful
        && Recipient.Equals(remoting.Provider.RootGuardian)
        && remoting.Settings.TrustedSelectionPaths.Contains("/" + string.Join<SelectionPathElement>('/', selection.Elements));

    private void Refuse(Remoting remoting) => remoting.LogTrouble(
        $"{Message.GetType()} for [{Recipient.Path}] from [{Sender?.Path.Address}] is dropped: akka.remote.untrusted-mode is on");
}
