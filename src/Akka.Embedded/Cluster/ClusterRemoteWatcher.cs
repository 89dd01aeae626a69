using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Watches actors of other systems as <see cref="RemoteWatcher"/> does, but leaves it to the cluster to say when a
/// member is lost: members are not probed, and count as lost when they are removed.</summary>
internal sealed class ClusterRemoteWatcher(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
    TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter)
    : RemoteWatcher(failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter)
{
    private readonly HashSet<UniqueAddress> _members = [];

    public static new Props Props(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter) =>
        Actor.Props.Create(() => new ClusterRemoteWatcher(failureDetector, heartbeatInterval, unreachableReaperInterval,
            heartbeatExpectedResponseAfter));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                foreach (var member in state.Members) Added(member);
                break;
            case ClusterEvent.MemberRemoved removed: Removed(removed); break;
            case ClusterEvent.IMemberEvent changed: Added(changed.Member); break;
            case QuarantineLater(var node): Quarantine(node.Address, node.Uid); break;
            default: base.OnReceive(message); break;
        }
    }

    protected override void WatchNode(IInternalActorRef watchee)
    {
        if (_members.All(m => m.Address != watchee.Path.Address)) base.WatchNode(watchee);
    }

    private void Added(Member member)
    {
        if (IsSelf(member) || !_members.Add(member.UniqueAddress)) return;
        UnwatchNode(member.Address);
    }

    private void Removed(ClusterEvent.MemberRemoved removed)
    {
        var node = removed.Member.UniqueAddress;
        if (!_members.Remove(node)) return;
        // A node that ends its own part has not removed the others.
        if (Cluster.Get(Context.System).IsTerminated) return;
        if (removed.PreviousStatus == MemberStatus.Down) Quarantine(node.Address, node.Uid);
        else
        {
            Context.System.Scheduler.ScheduleTellOnce(Cluster.Get(Context.System).Settings.QuarantineRemovedNodeAfter, Self,
                new QuarantineLater(node), Self);
        }
        PublishAddressTerminated(node.Address);
    }

    private static bool IsSelf(Member member) => member.UniqueAddress == Cluster.Get(Context.System).SelfUniqueAddress;

    private sealed record QuarantineLater(UniqueAddress Node);
}
