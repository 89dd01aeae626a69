using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>Syncing: the leader hands in the assignment, everyone gets theirs once it is in the log.</summary>
public sealed partial class Group
{
    /// <summary>This generation's assignment is on its way to the log.</summary>
    private bool _storingAssignment;

    private void On(GroupInput.Sync sync)
    {
        var error = Check(sync.MemberId, sync.InstanceId, sync.Generation);
        if (error is ErrorCode.None && State is GroupState.PreparingRebalance) error = ErrorCode.RebalanceInProgress;
        if (error is ErrorCode.None && !Agrees(sync)) error = ErrorCode.InconsistentGroupProtocol;
        if (error is not ErrorCode.None)
        {
            Reply(sync.ReplyTo, GroupReply.Synced.Failed(error));
            return;
        }

        var member = _members[sync.MemberId];
        member.OwesSync = false;
        if (_members.All(each => !each.OwesSync)) Cancel(new GroupTimer.SyncPhase());
        if (State is GroupState.Stable)
        {
            Touch(member);
            Reply(sync.ReplyTo, SyncedAs(member));
            return;
        }

        Invariant.Holds(State is GroupState.CompletingRebalance);
        AnswerParked(member, ErrorCode.RebalanceInProgress); // A request it has given up waiting for.
        member.Syncing = sync.ReplyTo;
        Cancel(member.Timer);
        if (member == _members.Leader && !_storingAssignment) StoreAssignment(sync.Assignments);
    }

    private bool Agrees(GroupInput.Sync sync) =>
        (sync.ProtocolType is null || sync.ProtocolType == _protocolType)
        && (sync.Protocol is null || sync.Protocol == _protocol);

    private void StoreAssignment(ImmutableArray<MemberAssignment> assignments)
    {
        var given = assignments.GroupBy(each => each.MemberId).ToDictionary(each => each.Key, each => each.Last().Assignment);
        _storingAssignment = true;
        Persist([StoredGroup(member => given.GetValueOrDefault(member.Id))], new PendingPersist.Assigned(Generation, given));
    }

    private void Assigned(PendingPersist.Assigned assigned, ErrorCode error)
    {
        // Members may have come or gone meanwhile; then there is, or will be, a later generation with its own assignment.
        if (State is not GroupState.CompletingRebalance || Generation != assigned.Generation || !_storingAssignment) return;
        _storingAssignment = false;
        if (error is not ErrorCode.None)
        {
            foreach (var member in _members.Where(member => !member.Syncing.IsNone))
            {
                AnswerParked(member, error);
                Touch(member);
            }
            PrepareRebalance();
            return;
        }

        Enter(GroupState.Stable);
        foreach (var member in _members)
        {
            member.Assignment = assigned.Assignments.GetValueOrDefault(member.Id); // None given: an empty one.
            if (member.Syncing.IsNone) continue;
            Reply(member.Syncing, SyncedAs(member));
            member.Syncing = Ticket.None;
            Touch(member);
        }
    }

    private GroupReply.Synced SyncedAs(Member member) => new(ErrorCode.None, _protocolType, _protocol, member.Assignment);

    /// <summary>Members that took the generation but never asked for their part would keep it from the others.</summary>
    private void SyncPhaseOver()
    {
        if (State is not (GroupState.CompletingRebalance or GroupState.Stable)) return;
        var silent = _members.Where(member => member.OwesSync).ToList();
        if (silent.Count == 0) return;
        foreach (var member in silent) Remove(member, ErrorCode.UnknownMemberId);
        PrepareRebalance();
    }
}
