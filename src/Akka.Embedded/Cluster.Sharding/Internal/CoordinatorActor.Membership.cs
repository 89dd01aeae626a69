using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Whom the coordinator takes registrations from, and for whom it waits.</summary>
internal sealed partial class CoordinatorActor
{
    private bool _hasView;
    private bool _marginRuns;

    private sealed class RegistrationOverdue : INoSerializationVerificationNeeded
    {
        public static readonly RegistrationOverdue Instance = new();
    }

    private sealed class DownedMarginOver : INoSerializationVerificationNeeded
    {
        public static readonly DownedMarginOver Instance = new();
    }

    private void OnMembership(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                _hasView = true;
                foreach (var member in state.Members) See(member);
                foreach (var member in state.Unreachable) _wait.Unreachable(member.Address);
                WaitForRegistrations();
                if (_cluster.View.DownedRemovedAt is { } at) WaitForMargin(at);
                break;
            case ClusterEvent.MemberRemoved removed:
                if (removed.PreviousStatus == MemberStatus.Down) WaitForMargin(Context.System.Scheduler.MonotonicClock);
                _members.Remove(removed.Member.Address);
                _wait.Removed(removed.Member.Address);
                break;
            case ClusterEvent.IMemberEvent changed: See(changed.Member); break;
            case ClusterEvent.UnreachableMember lost: _wait.Unreachable(lost.Member.Address); break;
            case ClusterEvent.ReachableMember back:
                _wait.Reachable(back.Member.Address);
                if (_state.Recovering) WaitForRegistrations(); // It gets its time from now.
                break;
            case RegistrationOverdue: RegistrationsOverdue(); break;
            case DownedMarginOver: _marginRuns = false; break;
            default: Unhandled(message); break;
        }
        EndRecoveryWhenComplete();
    }

    private void See(Member member)
    {
        if (member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Removed) return;
        var isNew = !_members.ContainsKey(member.Address);
        _members[member.Address] = member.Status;
        if (!_state.Recovering || (_role is not null && !member.HasRole(_role))) return;
        if (member.Status is MemberStatus.Down) _wait.Downed(member.Address);
        else if (isNew) _wait.Expect(member.Address);
    }

    // A member that was downed may not know, and still run shards; which ones, the coordinator before this one knew.
    private void WaitForMargin(TimeSpan removedAt)
    {
        var left = removedAt + _removalMargin - Context.System.Scheduler.MonotonicClock;
        if (!_state.Recovering || left <= TimeSpan.Zero) return;
        _marginRuns = true;
        Timers.StartSingleTimer(nameof(DownedMarginOver), DownedMarginOver.Instance, left);
    }

    private void WaitForRegistrations() => Timers.StartSingleTimer(nameof(RegistrationOverdue), RegistrationOverdue.Instance,
        _tuning.RegionRegistrationTimeout);

    private void RegistrationsOverdue()
    {
        if (!_state.Recovering || _wait.IsOver) return;
        _log.Warning("[{0}] No region has registered from: {1}. Those that are reachable are not waited for any longer",
            _typeName, string.Join(", ", _wait.Expected));
        _wait.TimeIsUp();
        if (!_wait.IsOver) WaitForRegistrations();
    }

    private void EndRecoveryWhenComplete()
    {
        if (!_state.Recovering || !_hasView || !_wait.IsOver || _marginRuns) return;
        _state.Recovering = false;
        Timers.Cancel(nameof(RegistrationOverdue));
        _log.Info("[{0}] Coordinator starts with {1} regions", _typeName, _state.Regions.Count());
    }
}
