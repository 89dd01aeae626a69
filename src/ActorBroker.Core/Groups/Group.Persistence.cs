using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>The group's way to its log and back.</summary>
public sealed partial class Group
{
    private readonly Dictionary<long, PendingPersist> _pendingPersists = [];
    private long _lastPersistId;

    /// <summary>The log holds, or will hold, a record of this group besides its offsets.</summary>
    private bool _isStored;

    /// <summary>The group as a log has it, with the timers to arm: each member has one session time to show up.</summary>
    public static (Group Group, ImmutableArray<GroupEffect> Effects) Restore(StoredGroup stored, GroupSettings settings)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var group = new Group(stored.Group, settings);
        foreach (var (partition, offset) in stored.Offsets) group._offsets.Restore(partition, offset);
        if (stored.Metadata is { } metadata)
        {
            group._isStored = true;
            group.Generation = metadata.Generation;
            group._protocolType = metadata.ProtocolType;
            group._stateChangedAt = metadata.StateChangedAt;
            if (metadata.Members.Length > 0)
            {
                group._protocol = metadata.Protocol ?? "";
                group.State = GroupState.Stable; // Only an assigned generation or an empty one is ever stored.
            }
            foreach (var member in metadata.Members)
            {
                group._members.Add(Member.Restore(member, group._protocol));
                group.Arm(new GroupTimer.Member(member.MemberId), member.SessionTimeout);
            }
            if (metadata.Leader is { } leader) group._members.Lead(leader);
        }
        return (group, group.TakeEffects());
    }

    private void Persist(ImmutableArray<OffsetsRecord> records, PendingPersist then)
    {
        if (records.Any(record => record is OffsetsRecord.GroupStored)) _isStored = true;
        _pendingPersists.Add(++_lastPersistId, then);
        _effects.Add(new GroupEffect.Persist(_lastPersistId, records));
    }

    private OffsetsRecord StoredGroup(Func<Member, ReadOnlyMemory<byte>>? assignment = null) =>
        new OffsetsRecord.GroupStored(Id, new(_protocolType, Generation, _protocol, _members.Leader?.Id, _stateChangedAt,
        [
            .. _members.Select(member => new StoredMember(member.Id, member.InstanceId, member.ClientId, member.ClientHost,
                member.RebalanceTimeout, member.SessionTimeout, member.MetadataFor(_protocol),
                assignment?.Invoke(member) ?? member.Assignment)),
        ]));

    private void On(GroupInput.Persisted persisted)
    {
        if (!_pendingPersists.Remove(persisted.Id, out var pending)) return; // Resigned meanwhile.
        Settle(pending, AsCallersSee(persisted.Error, pending));
    }

    private void FailPendingPersists(ErrorCode error)
    {
        var pending = _pendingPersists.OrderBy(each => each.Key).Select(each => each.Value).ToList();
        _pendingPersists.Clear();
        foreach (var each in pending) Settle(each, error);
    }

    private void Settle(PendingPersist pending, ErrorCode error)
    {
        switch (pending)
        {
            case PendingPersist.NobodyWaits: break;
            case PendingPersist.Assigned assigned: Assigned(assigned, error); break;
            case PendingPersist.TakenOver takenOver: TakenOver(takenOver, error); break;
            case PendingPersist.Committed committed: CommitSettled(committed, error); break;
            case PendingPersist.OffsetsForgotten forgotten: Forgotten(forgotten, error); break;
            case PendingPersist.GroupForgotten forgotten: Forgotten(forgotten, error); break;
        }
    }

    private void TakenOver(PendingPersist.TakenOver takenOver, ErrorCode error)
    {
        if (!_members.Contains(takenOver.MemberId) && error is ErrorCode.None)
            error = ErrorCode.FencedInstanceId; // A still later process was faster.
        Reply(takenOver.ReplyTo, error is ErrorCode.None ? takenOver.Answer : GroupReply.Joined.Failed(error, ""));
    }

    /// <summary>What went wrong with the log, in terms of the coordinator that callers know.</summary>
    private static ErrorCode AsCallersSee(ErrorCode error, PendingPersist pending) => error switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize =>
            pending is PendingPersist.Committed ? ErrorCode.InvalidCommitOffsetSize : ErrorCode.UnknownServerError,
        _ => error,
    };
}
