using ActorBroker.Core;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using Akka.Actor;

namespace ActorBroker.Replicas;

/// <summary>Reading: says where records lie, and remembers who waits for more.</summary>
internal sealed partial class ReplicaActor
{
    /// <summary>ListOffsets' timestamps that are none.</summary>
    private const long Latest = -1, Earliest = -2, OfMaxTimestamp = -3, EarliestLocal = -4;

    private void Read(ReadRequest read)
    {
        if (_state is not { } state || _log is not { } log)
        {
            read.Refuse(ErrorCode.KafkaStorageError);
            return;
        }
        var isFollower = !read.Follower.IsNone;
        var error = state.CheckFetch(
            read.From, read.KnownEpoch, isFollower || read.ToLogEnd, out var seenUpTo, read.MayReadFollower && !isFollower);
        // Before what is out of range: a log that parts ways may be the longer one.
        if (error is ErrorCode.None or ErrorCode.OffsetOutOfRange && Compare(read)) error = ErrorCode.None;
        else
        {
            if (error == ErrorCode.None && isFollower)
            {
                error = state.FollowerFetched(read.Follower, read.From, read.FollowerLogStart, Now, read.FollowerEpoch);
                if (state.InSyncCount < state.ReplicaCount) ConsiderInSync();
            }
            if (error == ErrorCode.None && !SendToNearest(read, state) && !HoldsBack(read, state))
                error = Find(read, read.OnlyCommitted ? state.LastStable : seenUpTo);
        }
        if (read.Range is { IsInMemory: false }) LoadAndAnswer(read, state, seenUpTo);
        else read.Answer(error, state.HighWatermark, state.LastStable, state.LogStart, seenUpTo);
    }

    /// <summary>
    /// Records that the system has to fetch from the disk: it does that on a thread that may wait, and whoever sends them does
    /// not.
    /// </summary>
    private void LoadAndAnswer(ReadRequest read, ReplicaState state, Offset seenUpTo)
    {
        var (partition, range, self) = (Partition, read.Range!, Self);
        var (highWatermark, lastStable, logStart) = (state.HighWatermark, state.LastStable, state.LogStart);
        LogDispatcher.Schedule(() =>
        {
            var error = ErrorCode.None;
            try
            {
                range.Load();
            }
            catch (Exception e) // Of whatever kind: who asked waits for an answer.
            {
                Log.ReadFailed(_home.Log, e, partition, read.From);
                self.Tell(new Replica.StorageFailed(e), ActorRefs.NoSender);
                read.Release();
                error = ErrorCode.KafkaStorageError;
            }
            read.Answer(error, highWatermark, lastStable, logStart, seenUpTo);
        });
    }

    /// <summary>Compares the reader's log with this one by the epoch of its last record.</summary>
    /// <returns><c>true</c>: they part ways before the offset that it reads from, and it is told so.</returns>
    private bool Compare(ReadRequest read)
    {
        if (read.LastFetchedEpoch.IsNone) return false;
        var end = _log!.EndOffsetForEpoch(read.LastFetchedEpoch);
        if (!FollowerStep.Diverges(read.LastFetchedEpoch, read.From, end.Epoch, end.EndOffset)) return false;
        read.Found(null, endsEarly: true, end);
        return true;
    }

    /// <returns><c>true</c>: another replica is nearer to the consumer, and it is told so instead of being given
    /// records.</returns>
    private bool SendToNearest(ReadRequest read, ReplicaState state)
    {
        if (read.Rack.Length == 0 || !read.MayReadFollower || _home.RackOf is not { } rackOf) return false;
        var nearest = state.Nearest(read.Rack, read.From, rackOf);
        if (nearest.IsNone) return false;
        read.Preferred = nearest;
        read.Found(null, endsEarly: true, null);
        return true;
    }

    /// <returns><c>true</c>: the follower gets nothing now, as the broker has sent as much as it may. Those in sync get what they
    /// need to stay so (KIP-73).</returns>
    private bool HoldsBack(ReadRequest read, ReplicaState state)
    {
        if (read.Follower.IsNone || !_assigned!.Throttle.HasFlag(ReplicaThrottle.Leader) || _home.Quotas is not { } quotas)
            return false;
        read.IsThrottled = true;
        if (state.IsInSync(read.Follower) || quotas.Leader.WaitAt(_home.Time.GetElapsedTime(0)) == TimeSpan.Zero) return false;
        read.Found(null, endsEarly: false, null);
        return true;
    }

    private ErrorCode Find(ReadRequest read, Offset upTo)
    {
        if (read.From >= upTo)
        {
            read.Found(null, endsEarly: false, null);
            return ErrorCode.None;
        }
        try
        {
            if (!_log!.TryRead(read.From, upTo, read.MaxBytes, read.MinOneBatch, out var range))
                return ErrorCode.OffsetOutOfRange;
            read.Found(range.IsEmpty ? null : range, endsEarly: !range.IsEmpty && _log.HasMoreBehind(range), null);
            return ErrorCode.None;
        }
        catch (IOException e)
        {
            Log.ReadFailed(_home.Log, e, Partition, read.From);
            Self.Tell(new Replica.StorageFailed(e), Self); // Behind the work that has the log, if any does.
            return ErrorCode.KafkaStorageError;
        }
    }

    private void Park(ReadRequest read)
    {
        if (_state is not { } state)
        {
            read.Progress(long.MaxValue);
            return;
        }
        read.Ticket = _readers.Add(read);
        state.ParkFetch(read.Ticket, read.SeenUpTo, read.KnownEpoch, follower: !read.Follower.IsNone, read.MayReadFollower);
    }

    private void Leave(ReadRequest read)
    {
        if (read.Ticket.IsNone) return;
        _state!.UnparkFetch(read.Ticket);
        TakeReader(read.Ticket);
    }

    private ReadRequest TakeReader(Ticket ticket)
    {
        var reader = _readers.Take(ticket);
        reader.Ticket = Ticket.None;
        return reader;
    }

    private void FindOffset(Replica.FindOffset find)
    {
        var error = _state?.CheckRead(find.KnownEpoch) ?? ErrorCode.KafkaStorageError;
        if (error != ErrorCode.None)
        {
            Sender.Tell(Replica.OffsetFound.Refused(error), Self);
            return;
        }
        var (state, log, asker) = (_state!, _log!, Sender);
        switch (find.Timestamp)
        {
            case Latest when state.CheckEnd is not ErrorCode.None and var notYet:
                asker.Tell(Replica.OffsetFound.Refused(notYet), Self);
                break;
            case Latest:
                var latest = find.OnlyCommitted ? state.LastStable : state.HighWatermark;
                asker.Tell(new Replica.OffsetFound(ErrorCode.None, latest, -1, log.Epochs.Latest), Self);
                break;
            case Earliest or EarliestLocal:
                asker.Tell(new Replica.OffsetFound(ErrorCode.None, state.LogStart, -1, log.Epochs.At(state.LogStart)), Self);
                break;
            case < OfMaxTimestamp:
                // Tiered storage: there is none.
                asker.Tell(new Replica.OffsetFound(ErrorCode.None, Offset.None, -1, Epoch.None), Self);
                break;
            default:
                // Segments are searched, maybe cold ones: not on this thread. Reading needs no owner.
                var (upTo, partition, self) = (find.OnlyCommitted ? state.LastStable : state.HighWatermark, Partition, Self);
                var none = Replica.OffsetFound.Refused(state.CheckEnd);
                LogDispatcher.Schedule(() => asker.Tell(Search(log, find.Timestamp, upTo, none, partition, self), self));
                break;
        }
    }

    /// <param name="none">The answer where there is no such record before <paramref name="upTo"/>.</param>
    private Replica.OffsetFound Search(
        Journal.PartitionLog log, long timestamp, Offset upTo, Replica.OffsetFound none, TopicPartition partition, IActorRef self)
    {
        try
        {
            var found = timestamp == OfMaxTimestamp ? log.RecordWithMaxTimestamp() : log.OffsetForTimestamp(timestamp);
            return found is { } record && record.Offset < upTo
                ? new(ErrorCode.None, record.Offset, record.TimestampMs, record.LeaderEpoch)
                : none;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Log.ReadFailed(_home.Log, e, partition, Offset.None);
            self.Tell(new Replica.StorageFailed(e), ActorRefs.NoSender);
            return Replica.OffsetFound.Refused(ErrorCode.KafkaStorageError);
        }
    }

    private void FindEpochEnd(Replica.FindEpochEnd find)
    {
        var error = _state?.CheckRead(find.KnownEpoch) ?? ErrorCode.KafkaStorageError;
        Sender.Tell(new Replica.EpochEndFound(
            error, error == ErrorCode.None ? _log!.EndOffsetForEpoch(find.Epoch) : Journal.Epochs.EpochEnd.Unknown), Self);
    }
}
