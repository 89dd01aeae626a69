using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>Joining: who may become a member, under which id, and whether that starts a rebalance.</summary>
public sealed partial class Group
{
    private void On(GroupInput.Join join)
    {
        if (Refuse(join) is var error and not ErrorCode.None)
            Reply(join.ReplyTo, GroupReply.Joined.Failed(error, join.MemberId));
        else if (join.MemberId.Length > 0)
            JoinWithId(join);
        else if (join.InstanceId is { } instance && _members.TryGetInstance(instance, out var holder))
            TakeOver(holder, join);
        else if (join.InstanceId is null && join.MustKnowItsId)
            GiveId(join);
        else
            AddMember(join.NewMemberId, join);
    }

    private ErrorCode Refuse(GroupInput.Join join)
    {
        if (State is GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
        if (join.SessionTimeout < settings.MinSessionTimeout || join.SessionTimeout > settings.MaxSessionTimeout)
            return ErrorCode.InvalidSessionTimeout;
        if (!HasRoomFor(join))
        {
            // A broker that came back with a lower group.max.size sheds members as they rejoin.
            if (_members.TryGet(join.MemberId, out var surplus) && Check(join.MemberId, join.InstanceId) is ErrorCode.None)
            {
                Remove(surplus, ErrorCode.GroupMaxSizeReached);
                ContinueWithout();
            }
            return ErrorCode.GroupMaxSizeReached;
        }
        var speaks = join.ProtocolType.Length > 0 && join.Protocols.Length > 0
            && (_members.IsEmpty || (join.ProtocolType == _protocolType && _members.ShareOneOf(join.Protocols)));
        return speaks ? ErrorCode.None : ErrorCode.InconsistentGroupProtocol;
    }

    private bool HasRoomFor(GroupInput.Join join)
    {
        if (join.MemberId.Length == 0 && join.InstanceId is { } instance && _members.TryGetInstance(instance, out _)) return true;
        // While members rejoin only those who did count: of too many, the first to come stay.
        if (State is GroupState.PreparingRebalance)
        {
            return _members.JoinedCount < settings.MaxSize
                || (_members.TryGet(join.MemberId, out var member) && !member.Joining.IsNone);
        }
        return _members.Contains(join.MemberId) || _members.Count < settings.MaxSize;
    }

    /// <summary>A member without id is not taken in yet: else a client that retries a join whose answer it never saw would
    /// leave members behind that nobody is (KIP-394).</summary>
    private void GiveId(GroupInput.Join join)
    {
        _members.Pending.Add(join.NewMemberId);
        Arm(new GroupTimer.Member(join.NewMemberId), join.SessionTimeout);
        Reply(join.ReplyTo, GroupReply.Joined.Failed(ErrorCode.MemberIdRequired, join.NewMemberId));
    }

    private void AddMember(string memberId, GroupInput.Join join)
    {
        var member = new Member(memberId, join.InstanceId) { IsNew = true };
        member.Refresh(join);
        if (_members.IsEmpty) _protocolType = join.ProtocolType;
        _members.Add(member);
        if (_initialDelay is { } delay) _initialDelay = delay with { SawNewcomer = true };
        ParkJoin(member, join.ReplyTo);
        RebalanceOrContinue();
    }

    private void JoinWithId(GroupInput.Join join)
    {
        if (join.InstanceId is null && _members.Pending.Contains(join.MemberId))
        {
            AddMember(join.MemberId, join);
            return;
        }
        var error = Check(join.MemberId, join.InstanceId);
        if (error is not ErrorCode.None)
        {
            Reply(join.ReplyTo, GroupReply.Joined.Failed(error, join.MemberId));
            return;
        }
        var member = _members[join.MemberId];
        var unchanged = member.SaysTheSameAs(join.Protocols);
        switch (State)
        {
            // It may not have seen our answer.
            case GroupState.CompletingRebalance when unchanged:
            // A leader joins again because it saw a reason to divide anew, so it gets a rebalance.
            case GroupState.Stable when unchanged && member != _members.Leader:
                Touch(member);
                Reply(join.ReplyTo, JoinedAs(member));
                break;
            default:
                member.Refresh(join);
                ParkJoin(member, join.ReplyTo);
                RebalanceOrContinue();
                break;
        }
    }

    /// <summary>A process with a known instance id and no member id is that static member, started anew. The process before
    /// it is fenced at once.</summary>
    private void TakeOver(Member member, GroupInput.Join join)
    {
        AnswerParked(member, ErrorCode.FencedInstanceId);
        Cancel(member.Timer);
        var leader = _members.Leader!.Id; // As the clients know it: perhaps the id that is fenced now.
        _members.Replace(member, join.NewMemberId);
        member.Refresh(join);

        if (State is GroupState.Stable && _members.ChooseProtocol() == _protocol)
        {
            // Nothing changes for the group, but whoever loads it must know the new id.
            Touch(member);
            var leads = member == _members.Leader;
            var answer = join.MaySkipAssignment
                ? JoinedAs(member) with { SkipAssignment = leads }
                : JoinedAs(member) with { Leader = leader, Members = [] }; // Not to itself: it would try to assign.
            Persist([StoredGroup()], new PendingPersist.TakenOver(join.ReplyTo, member.Id, answer));
            return;
        }
        ParkJoin(member, join.ReplyTo);
        RebalanceOrContinue();
    }

    private void ParkJoin(Member member, Ticket ticket)
    {
        AnswerParked(member, ErrorCode.RebalanceInProgress); // A request it has given up waiting for.
        member.Joining = ticket;
        if (member.IsNew) Arm(member.Timer, settings.NewMemberJoinTimeout);
        else Cancel(member.Timer);
    }

    /// <summary>What a member is told of the current generation.</summary>
    private GroupReply.Joined JoinedAs(Member member) => new(ErrorCode.None, Generation, _protocolType, _protocol,
        _members.Leader!.Id, member.Id, SkipAssignment: false, member != _members.Leader ? [] :
        [
            .. _members.Select(each => new GroupReply.JoinedMember(each.Id, each.InstanceId, each.MetadataFor(_protocol))),
        ]);

    /// <summary>Answers whatever the member waits for; an error only, so that it asks again.</summary>
    private void AnswerParked(Member member, ErrorCode error)
    {
        if (!member.Joining.IsNone) Reply(member.Joining, GroupReply.Joined.Failed(error, member.Id));
        if (!member.Syncing.IsNone) Reply(member.Syncing, GroupReply.Synced.Failed(error));
        member.Joining = member.Syncing = Ticket.None;
    }
}
