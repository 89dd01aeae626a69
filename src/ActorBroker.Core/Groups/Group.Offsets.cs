using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>Committing, deleting and expiring offsets, and deleting the group with them.</summary>
public sealed partial class Group
{
    private void On(GroupInput.CommitOffsets commit)
    {
        var refusal = MayCommit(commit);
        if (refusal is not ErrorCode.None)
        {
            Reply(commit.ReplyTo, new GroupReply.Committed(refusal, []));
            return;
        }
        if (_members.TryGet(commit.MemberId, out var member)) Touch(member);

        ImmutableArray<ErrorCode> results =
            [.. commit.Commits.Select(each => Fits(each) ? ErrorCode.None : ErrorCode.OffsetMetadataTooLarge)];
        ImmutableArray<OffsetsRecord.OffsetCommitted> accepted =
        [
            .. commit.Commits.Where(Fits).Select(each => new OffsetsRecord.OffsetCommitted(
                Id, each.Partition, new(each.Offset, each.LeaderEpoch, each.Metadata ?? "", _now, _now + commit.Retention))),
        ];
        if (accepted.IsEmpty)
        {
            Reply(commit.ReplyTo, new GroupReply.Committed(ErrorCode.None, results));
            return;
        }
        _offsets.Begin(accepted);
        Persist([.. accepted], new PendingPersist.Committed(commit.ReplyTo, accepted, results));
    }

    private bool Fits(OffsetToCommit commit) => (commit.Metadata?.Length ?? 0) <= settings.MaxOffsetMetadataBytes;

    private ErrorCode MayCommit(GroupInput.CommitOffsets commit)
    {
        if (State is GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
        // Consumers that assign partitions themselves, and administrators, only while there are no members to contradict.
        if (State is GroupState.Empty && commit.Generation < 0) return ErrorCode.None;
        if (State is GroupState.Empty && Generation == 0) return ErrorCode.IllegalGeneration;
        var error = Check(commit.MemberId, commit.InstanceId, commit.Generation);
        // Its partitions are about to change hands. While members join, commits are welcome: it is their last chance.
        return error is ErrorCode.None && State is GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : error;
    }

    private void CommitSettled(PendingPersist.Committed committed, ErrorCode error)
    {
        _offsets.End(committed.Commits, stored: error is ErrorCode.None);
        Reply(committed.ReplyTo, new GroupReply.Committed(ErrorCode.None, error is ErrorCode.None
            ? committed.Results
            : [.. committed.Results.Select(result => result is ErrorCode.None ? error : result)]));
    }

    private void On(GroupInput.DeleteOffsets delete)
    {
        var error = State is GroupState.Dead || IsUnknown ? ErrorCode.GroupIdNotFound
            // The topics of others than consumers we can't tell.
            : !_members.IsEmpty && _protocolType != ConsumerSubscription.ProtocolType ? ErrorCode.NonEmptyGroup
            : ErrorCode.None;
        if (error is not ErrorCode.None)
        {
            Reply(delete.ReplyTo, new GroupReply.OffsetsDeleted(error, []));
            return;
        }
        var subscriptions = Subscriptions();
        ImmutableArray<ErrorCode> results = [.. delete.Partitions.Select(ResultOf)];
        ImmutableArray<TopicPartition> found =
            [.. delete.Partitions.Where(each => ResultOf(each) is ErrorCode.None && _offsets.Has(each)).Distinct()];
        if (found.IsEmpty) Reply(delete.ReplyTo, new GroupReply.OffsetsDeleted(ErrorCode.None, results));
        else Forget(found, delete.ReplyTo, results);

        ErrorCode ResultOf(TopicPartition partition) =>
            subscriptions.Include(partition.Topic) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
    }

    private void On(GroupInput.TopicsDeleted deleted)
    {
        if (State is GroupState.Dead) return;
        ImmutableArray<TopicPartition> gone = [.. _offsets.Partitions.Where(each => deleted.Topics.Contains(each.Topic))];
        if (!gone.IsEmpty) Forget(gone, Ticket.None, []);
    }

    private void Forget(ImmutableArray<TopicPartition> partitions, Ticket replyTo, ImmutableArray<ErrorCode> results) =>
        Persist([.. partitions.Select(each => new OffsetsRecord.OffsetForgotten(Id, each))],
            new PendingPersist.OffsetsForgotten(replyTo, partitions, results));

    private void Forgotten(PendingPersist.OffsetsForgotten forgotten, ErrorCode error)
    {
        if (error is ErrorCode.None) _offsets.Forget(forgotten.Partitions);
        if (forgotten.ReplyTo.IsNone) return;
        Reply(forgotten.ReplyTo, error is ErrorCode.None
            ? new GroupReply.OffsetsDeleted(error, forgotten.Results)
            : new GroupReply.OffsetsDeleted(error, []));
    }

    private void On(GroupInput.Delete delete)
    {
        var error = State is GroupState.Dead || IsUnknown ? ErrorCode.GroupIdNotFound
            : State is not GroupState.Empty ? ErrorCode.NonEmptyGroup
            : ErrorCode.None;
        if (error is ErrorCode.None) ForgetGroup(delete.ReplyTo);
        else Reply(delete.ReplyTo, new GroupReply.Answered(error));
    }

    /// <summary>Dead from here on, so that nobody joins what is being removed; alive again should the log refuse.</summary>
    private void ForgetGroup(Ticket replyTo)
    {
        foreach (var memberId in _members.Pending) Cancel(new GroupTimer.Member(memberId));
        _members.Pending.Clear();
        var emptySince = _stateChangedAt;
        Enter(GroupState.Dead);
        var tombstones = _offsets.Partitions.Select(OffsetsRecord (each) => new OffsetsRecord.OffsetForgotten(Id, each)).ToList();
        if (_isStored) tombstones.Add(new OffsetsRecord.GroupForgotten(Id));
        Persist([.. tombstones], new PendingPersist.GroupForgotten(replyTo, emptySince));
    }

    private void Forgotten(PendingPersist.GroupForgotten forgotten, ErrorCode error)
    {
        if (error is ErrorCode.None)
        {
            _effects.Add(new GroupEffect.Removed());
        }
        else
        {
            State = GroupState.Empty;
            _stateChangedAt = forgotten.EmptySince;
        }
        if (!forgotten.ReplyTo.IsNone) Reply(forgotten.ReplyTo, new GroupReply.Answered(error));
    }

    private void ExpireOffsets()
    {
        if (State is GroupState.Dead) return;
        var expiry = new OffsetsExpiry(State, _protocolType, _stateChangedAt, Subscriptions(), settings.OffsetsRetention);
        ImmutableArray<TopicPartition> expired =
        [
            .. Committed.Where(each => !_offsets.IsInFlight(each.Key) && expiry.IsOver(each.Key.Topic, each.Value, _now))
                .Select(each => each.Key),
        ];
        var nothingLeft = State is GroupState.Empty && _members.Pending.Count == 0 && _pendingPersists.Count == 0
            && expired.Length == Committed.Count;
        if (nothingLeft) ForgetGroup(Ticket.None);
        else if (!expired.IsEmpty) Forget(expired, Ticket.None, []);
    }

    /// <summary>Someone asked for a group, and there is (so far) no more to it than that.</summary>
    public bool IsUnknown => State is GroupState.Empty && !_isStored && _offsets.IsEmpty;

    private Subscriptions Subscriptions()
    {
        if (_protocolType != ConsumerSubscription.ProtocolType) return Groups.Subscriptions.None;
        var topics = new HashSet<string>();
        return _members.All(member => ConsumerSubscription.TryReadTopics(member.MetadataFor(_protocol).Span, topics))
            ? new(topics)
            : Groups.Subscriptions.Unknown;
    }
}
