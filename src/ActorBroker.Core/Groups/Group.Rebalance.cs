namespace ActorBroker.Core.Groups;

/// <summary>Rebalancing: from "someone came or went" to the next generation.</summary>
public sealed partial class Group
{
    /// <summary>Set while a group that was empty waits for more members than the first; else a group of n consumers that
    /// start together would rebalance n times.</summary>
    private InitialDelay? _initialDelay;

    /// <param name="Running">What the timer was armed with.</param>
    /// <param name="Left">By how much the wait may still be extended.</param>
    private readonly record struct InitialDelay(TimeSpan Running, TimeSpan Left, bool SawNewcomer);

    /// <summary>Someone joined.</summary>
    private void RebalanceOrContinue()
    {
        if (State is GroupState.PreparingRebalance) CompleteJoinIfAllAreHere();
        else PrepareRebalance();
    }

    /// <summary>Someone is gone.</summary>
    private void ContinueWithout()
    {
        if (State is GroupState.PreparingRebalance) CompleteJoinIfAllAreHere();
        else if (State is GroupState.CompletingRebalance or GroupState.Stable) PrepareRebalance();
    }

    private void PrepareRebalance()
    {
        CancelGeneration();
        var wasEmpty = State is GroupState.Empty;
        Enter(GroupState.PreparingRebalance);
        if (wasEmpty && settings.InitialRebalanceDelay > TimeSpan.Zero)
        {
            var delay = settings.InitialRebalanceDelay;
            _initialDelay = new(delay, Max(_members.MaxRebalanceTimeout - delay, TimeSpan.Zero), SawNewcomer: false);
            Arm(new GroupTimer.JoinPhase(), delay);
        }
        else if (wasEmpty || _members.AllJoined) CompleteJoin();
        else Arm(new GroupTimer.JoinPhase(), _members.MaxRebalanceTimeout);
    }

    private void CompleteJoinIfAllAreHere()
    {
        if (_initialDelay is null && _members.AllJoined) CompleteJoin();
    }

    private void JoinPhaseOver()
    {
        if (State is not GroupState.PreparingRebalance) return;
        if (_initialDelay is { SawNewcomer: true, Left.Ticks: > 0 } delay)
        {
            var next = Min(settings.InitialRebalanceDelay, delay.Left);
            _initialDelay = new(next, Max(delay.Left - delay.Running, TimeSpan.Zero), SawNewcomer: false);
            Arm(new GroupTimer.JoinPhase(), next);
        }
        else CompleteJoin();
    }

    /// <summary>Whoever is here makes the next generation.</summary>
    private void CompleteJoin()
    {
        _initialDelay = null;
        Cancel(new GroupTimer.JoinPhase());
        // A static member may be away for as long as its session lasts; a dynamic one has lost its place.
        foreach (var absent in _members.Where(member => member.Joining.IsNone && !member.IsStatic).ToList())
            Remove(absent, Protocol.ErrorCode.UnknownMemberId);

        if (_members.IsEmpty) BecomeEmpty();
        else if (_members.ElectJoinedLeader()) StartGeneration();
        else Arm(new GroupTimer.JoinPhase(), _members.MaxRebalanceTimeout); // Only static members, all away.
    }

    private void BecomeEmpty()
    {
        Generation++;
        _protocol = null;
        Enter(GroupState.Empty);
        Persist([StoredGroup()], new PendingPersist.NobodyWaits());
    }

    private void StartGeneration()
    {
        Generation++;
        _protocol = _members.ChooseProtocol();
        Enter(GroupState.CompletingRebalance);
        foreach (var member in _members.Where(member => !member.Joining.IsNone))
        {
            Reply(member.Joining, JoinedAs(member));
            member.Joining = Ticket.None;
            member.IsNew = false;
            member.OwesSync = true;
            Touch(member);
        }
        Arm(new GroupTimer.SyncPhase(), _members.MaxRebalanceTimeout);
    }

    /// <summary>The generation's assignment is void, and its members are on their way to the next.</summary>
    private void CancelGeneration()
    {
        Cancel(new GroupTimer.SyncPhase());
        _storingAssignment = false;
        foreach (var member in _members)
        {
            member.OwesSync = false;
            member.Assignment = default;
            if (member.Syncing.IsNone) continue;
            Reply(member.Syncing, GroupReply.Synced.Failed(Protocol.ErrorCode.RebalanceInProgress));
            member.Syncing = Ticket.None;
            Touch(member);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
