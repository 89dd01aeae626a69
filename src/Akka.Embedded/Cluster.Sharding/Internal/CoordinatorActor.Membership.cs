using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Whom the coordinator takes registrations from, and for whom it waits.</summary>
internal sealed partial class CoordinatorActor
{
    private sealed class RegistrationOverdue : INoSerializationVerificationNeeded
    {
        public static readonly RegistrationOverdue Instance = new();
    }

    private sealed record MemberMarginOver(UniqueAddress Member) : INoSerializationVerificationNeeded;

    private void OnMembership(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                foreach (var member in state.Members) See(member);
                foreach (var member in state.Unreachable) _wait.Unreachable(member.Address);
                WaitForRegistrations();
                // After the view: whoever is not in it has been removed by now, as far as the guardian knows too.
                _guardian.Tell(new ShardingGuardian.GetRecentlyDowned());
                break;
            case ShardingGuardian.RecentlyDowned recently:
                foreach (var (member, ago) in recently.Members) if (HasRole(member)) WaitForMargin(member, ago);
                _knowsRecentlyDowned = true;
                break;
            case ClusterEvent.MemberRemoved removed: See(removed); break;
            case ClusterEvent.IMemberEvent changed: See(changed.Member); break;
            case ClusterEvent.UnreachableMember lost: _wait.Unreachable(lost.Member.Address); break;
            case ClusterEvent.ReachableMember back:
                _wait.Reachable(back.Member.Address);
                if (_state.Recovering) WaitForRegistrations(); // It gets its time from now.
                break;
            case MemberMarginOver over: _wait.MarginOver(over.Member); break;
            case RegistrationOverdue: RegistrationsOverdue(); break;
            default: Unhandled(message); break;
        }
        EndRecoveryWhenComplete();
    }

    private bool HasRole(Member member) => _role is null || member.HasRole(_role);

    private void See(Member member)
    {
        if (member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Removed) return;
        var isNew = !_members.ContainsKey(member.Address);
        _members[member.Address] = member.Status;
        if (!_state.Recovering || !HasRole(member)) return;
        if (member.Status is MemberStatus.Down) _wait.Downed(member.UniqueAddress);
        else if (isNew) _wait.Expect(member.Address);
    }

    private void See(ClusterEvent.MemberRemoved removed)
    {
        _members.Remove(removed.Member.Address);
        if (!_state.Recovering || !HasRole(removed.Member)) return;
        if (removed.PreviousStatus is MemberStatus.Down) WaitForMargin(removed.Member, TimeSpan.Zero);
        else _wait.Left(removed.Member.Address);
    }

    private void WaitForMargin(Member member, TimeSpan ago)
    {
        if (ago >= _removalMargin) _wait.MarginOver(member.UniqueAddress);
        else
        {
            _wait.Downed(member.UniqueAddress);
            Timers.StartSingleTimer(member.UniqueAddress, new MemberMarginOver(member.UniqueAddress), _removalMargin - ago);
        }
    }

    private void WaitForRegistrations() => Timers.StartSingleTimer(nameof(RegistrationOverdue), RegistrationOverdue.Instance,
        _tuning.RegionRegistrationTimeout);

    private void RegistrationsOverdue()
    {
        if (!_state.Recovering || _wait.Expected.Count == 0) return;
        _log.Warning("[{0}] No region has registered from: {1}. Those that are reachable are not waited for any longer",
            _typeName, string.Join(", ", _wait.Expected));
        _wait.TimeIsUp();
        if (_wait.Expected.Count > 0) WaitForRegistrations();
    }

    private void EndRecoveryWhenComplete()
    {
        if (!_state.Recovering || !_wait.IsOver || !_knowsRecentlyDowned) return;
        _state.Recovering = false;
        Timers.Cancel(nameof(RegistrationOverdue));
        _log.Info("[{0}] Coordinator starts with {1} regions", _typeName, _state.Regions.Count());
    }
}
