using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>
/// The coordinator of one consumer group, classic protocol: who its members are, when they rebalance, what they were
/// assigned, and the offsets they committed. No clock, no log, no sending here: <see cref="Step"/> takes what happened and
/// says what to do.
/// </summary>
/// <remarks>
/// The generation only grows, and a generation has one assignment. Every ticket is answered once. What a caller may rely on
/// (its assignment, its offsets) is in the log before it is answered. A member that is not parked has its timer armed.
/// Each part has its file: joining, rebalancing, syncing, leaving, offsets, persistence.
/// </remarks>
public sealed partial class Group(string id, GroupSettings settings)
{
    private readonly Roster _members = new();
    private readonly GroupOffsets _offsets = new();
    private readonly List<GroupEffect> _effects = [];
    private DateTimeOffset _now;
    private DateTimeOffset? _stateChangedAt;
    private string _protocolType = "";
    private string? _protocol;

    public string Id { get; } = id;

    public GroupState State { get; private set; } = GroupState.Empty;

    /// <summary>0 until members first rebalanced.</summary>
    public int Generation { get; private set; }

    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Committed => _offsets.Committed;

    /// <summary>Takes one input at the time <paramref name="now"/>.</summary>
    public ImmutableArray<GroupEffect> Step(GroupInput input, DateTimeOffset now)
    {
        _now = now;
        switch (input)
        {
            case GroupInput.Join join: On(join); break;
            case GroupInput.Sync sync: On(sync); break;
            case GroupInput.Heartbeat heartbeat: On(heartbeat); break;
            case GroupInput.Leave leave: On(leave); break;
            case GroupInput.CommitOffsets commit: On(commit); break;
            case GroupInput.DeleteOffsets delete: On(delete); break;
            case GroupInput.Delete delete: On(delete); break;
            case GroupInput.TopicsDeleted deleted: On(deleted); break;
            case GroupInput.ExpireOffsets: ExpireOffsets(); break;
            case GroupInput.Resign: Resign(); break;
            case GroupInput.TimerFired(var timer): On(timer); break;
            case GroupInput.Persisted persisted: On(persisted); break;
            default: throw new ArgumentException($"No rule for {input}.", nameof(input));
        }
        RemoveIfNothingIsLeft();
        return TakeEffects();
    }

    public GroupDescription Describe()
    {
        var stable = State is GroupState.Stable;
        return new(Id, State, _protocolType, stable ? _protocol ?? "" : "",
        [
            .. _members.Select(member => new MemberDescription(member.Id, member.InstanceId, member.ClientId, member.ClientHost,
                stable ? member.MetadataFor(_protocol) : default, stable ? member.Assignment : default)),
        ]);
    }

    public GroupListing List() => new(Id, _protocolType, State);

    private void On(GroupTimer timer)
    {
        switch (timer)
        {
            case GroupTimer.JoinPhase: JoinPhaseOver(); break;
            case GroupTimer.SyncPhase: SyncPhaseOver(); break;
            case GroupTimer.Member(var memberId): MemberTimedOut(memberId); break;
        }
    }

    private void On(GroupInput.Heartbeat heartbeat)
    {
        var error = Check(heartbeat.MemberId, heartbeat.InstanceId, heartbeat.Generation);
        if (error is ErrorCode.None)
        {
            Touch(_members[heartbeat.MemberId]);
            if (State is GroupState.PreparingRebalance) error = ErrorCode.RebalanceInProgress;
        }
        Reply(heartbeat.ReplyTo, new GroupReply.Answered(error));
    }

    /// <summary>Is the caller the member that it says it is?</summary>
    private ErrorCode Check(string memberId, string? instanceId)
    {
        if (State is GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
        if (instanceId is null) return _members.Contains(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
        if (!_members.TryGetInstance(instanceId, out var holder)) return ErrorCode.UnknownMemberId;
        return holder.Id == memberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
    }

    /// <summary>Is the caller the member that it says it is, and of this generation?</summary>
    private ErrorCode Check(string memberId, string? instanceId, int generation)
    {
        var error = Check(memberId, instanceId);
        return error is ErrorCode.None && generation != Generation ? ErrorCode.IllegalGeneration : error;
    }

    /// <summary>The member gave a sign of life. While it is parked its session does not run: it waits for us.</summary>
    private void Touch(Member member)
    {
        if (!member.IsParked) Arm(member.Timer, member.SessionTimeout);
    }

    private void Enter(GroupState state)
    {
        State = state;
        _stateChangedAt = _now;
    }

    /// <summary>The log says nothing of this group and no one is in it, so there is no group: an id that a newcomer did
    /// not come back for, or a wrong group id in some request, leaves nothing behind.</summary>
    private void RemoveIfNothingIsLeft()
    {
        if (State is not GroupState.Empty || _isStored || _pendingPersists.Count > 0) return;
        if (!_members.IsEmpty || _members.Pending.Count > 0 || !_offsets.IsEmpty) return;
        Enter(GroupState.Dead);
        _effects.Add(new GroupEffect.Removed());
    }

    /// <summary>Another broker coordinates the group now, or this one stops.</summary>
    private void Resign()
    {
        foreach (var member in _members)
        {
            AnswerParked(member, ErrorCode.NotCoordinator);
            Cancel(member.Timer);
        }
        foreach (var memberId in _members.Pending) Cancel(new GroupTimer.Member(memberId));
        Cancel(new GroupTimer.JoinPhase());
        Cancel(new GroupTimer.SyncPhase());
        FailPendingPersists(ErrorCode.NotCoordinator);
        Enter(GroupState.Dead);
    }

    private void Reply(Ticket to, GroupReply message)
    {
        Invariant.Holds(!to.IsNone);
        _effects.Add(new GroupEffect.Reply(to, message));
    }

    private void Arm(GroupTimer timer, TimeSpan delay) => _effects.Add(new GroupEffect.ArmTimer(timer, delay));

    private void Cancel(GroupTimer timer) => _effects.Add(new GroupEffect.CancelTimer(timer));

    private ImmutableArray<GroupEffect> TakeEffects()
    {
        ImmutableArray<GroupEffect> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }
}
