using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;
using ActorBroker.Threads;
using Akka.Actor;

namespace ActorBroker.Kafka.Fetch;

/// <summary>
/// One reading of all partitions of a Fetch request, and the wait for more. Used once: replicas may report progress late, to an
/// object that nobody looks at any more.
/// </summary>
internal sealed class PendingFetch
{
    private readonly AsyncSignal _signal;
    private readonly FetchRequest _request;
    private readonly PartitionFetch[] _parts;
    private readonly bool _isById;
    private readonly bool _mayReadFollower;
    private readonly bool _mayServe;
    private int _unanswered;
    private long _missingBytes;
    private volatile bool _isTimeUp;

    public PendingFetch(FetchRequest request, short version, int maxBytes, LocalReplicas replicas, WorkPool pool)
    {
        _signal = new AsyncSignal(afterMailbox: pool);
        _request = request;
        _mayReadFollower = version >= FetchHandler.FirstVersionWithRack && request.ReplicaId.IsNone;
        _isById = version >= FetchHandler.FirstVersionWithTopicIds;
        _mayServe = replicas.Lease.IsHeld;
        var count = 0;
        foreach (var topic in request.Topics) count += topic.Partitions.Length;
        _parts = new PartitionFetch[count];
        var next = 0;
        foreach (var topic in request.Topics)
            foreach (var asked in topic.Partitions) _parts[next++] = ToPart(topic, asked, maxBytes, replicas);
    }

    /// <summary>In the order of the request.</summary>
    public ReadOnlySpan<PartitionFetch> Parts => _parts;

    public long Bytes { get; private set; }

    /// <summary>It is to be answered now, whatever the client would wait.</summary>
    public bool IsEnough { get; private set; }

    /// <summary>Asks all replicas where the records lie.</summary>
    public async ValueTask ReadAsync()
    {
        Tell();
        while (Volatile.Read(ref _unanswered) > 0) await _signal.WaitAsync().ConfigureAwait(false);
        IsEnough = _parts.Length == 0;
        foreach (var part in _parts)
        {
            Bytes += part.Bytes;
            IsEnough |= part.IsFinal;
        }
        IsEnough |= Bytes >= _request.MinBytes;
    }

    /// <summary>Waits until the replicas have enough more, or the time is up.</summary>
    /// <returns><c>true</c>: there may be more than was read.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken closed)
    {
        Volatile.Write(ref _missingBytes, _request.MinBytes - Bytes);
        TellAll(static part => part.Park);
        using (time.CreateTimer(static fetch => ((PendingFetch)fetch!).TimeIsUp(), this, longest, Timeout.InfiniteTimeSpan))
        using (closed.UnsafeRegister(static fetch => ((PendingFetch)fetch!).TimeIsUp(), this))
        {
            while (!_isTimeUp && Volatile.Read(ref _missingBytes) > 0) await _signal.WaitAsync().ConfigureAwait(false);
        }
        TellAll(static part => part.Unpark);
        return Volatile.Read(ref _missingBytes) < _request.MinBytes - Bytes;
    }

    /// <summary>Keeps the records within the response's limit: the first ones whatever their size, others if they fit.</summary>
    public void Limit(int maxBytes)
    {
        Bytes = 0;
        foreach (var part in _parts)
        {
            if (Bytes > 0 && Bytes + part.Bytes > maxBytes) part.Release();
            else Bytes += part.Bytes;
        }
    }

    /// <summary>Gives the files back.</summary>
    public void Release()
    {
        foreach (var part in _parts) part.Release();
    }

    internal void PartAnswered()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0) _signal.Set();
    }

    internal void Progress(long bytes)
    {
        if (bytes == long.MaxValue) Volatile.Write(ref _missingBytes, long.MinValue / 2);
        else if (Interlocked.Add(ref _missingBytes, -bytes) > 0) return;
        _signal.Set();
    }

    private void TimeIsUp()
    {
        _isTimeUp = true;
        _signal.Set();
    }

    private void Tell()
    {
        _unanswered = _parts.Length + 1; // One for this method, until all are told.
        using (CallerThread.Lend())
        {
            foreach (var part in _parts)
            {
                if (part.Replica is { } replica) replica.Actor.Tell(part, ActorRefs.NoSender);
                else part.Refuse(NotHere);
            }
        }
        PartAnswered();
    }

    private void TellAll(Func<PartitionFetch, object> message)
    {
        using (CallerThread.Lend())
            foreach (var part in _parts) part.Replica?.Actor.Tell(message(part), ActorRefs.NoSender);
    }

    private ErrorCode NotHere => !_mayServe ? ErrorCode.NotLeaderOrFollower
        : _isById ? ErrorCode.UnknownTopicId
        : ErrorCode.UnknownTopicOrPartition;

    private PartitionFetch ToPart(
        in FetchRequest.Topic topic, in FetchRequest.Partition asked, int maxBytes, LocalReplicas replicas)
    {
        var isHere = _isById
            ? replicas.TryFind(topic.TopicId, asked.Index, out var replica)
            : replicas.TryFind(topic.Name, asked.Index, out replica);
        return new PartitionFetch(this, asked.Index, isHere && _mayServe ? replica : null)
        {
            From = asked.FetchOffset,
            MaxBytes = Math.Clamp(asked.PartitionMaxBytes, 0, maxBytes),
            MinOneBatch = true,
            KnownEpoch = asked.CurrentLeaderEpoch,
            LastFetchedEpoch = asked.LastFetchedEpoch,
            Follower = _request.ReplicaId,
            FollowerEpoch = _request.ReplicaEpoch,
            FollowerLogStart = asked.LogStartOffset,
            MayReadFollower = _mayReadFollower,
            Rack = _request.RackId,
            OnlyCommitted = _request.IsolationLevel == IsolationLevel.ReadCommitted,
        };
    }
}
