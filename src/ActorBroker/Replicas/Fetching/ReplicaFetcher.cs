using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Akka.Actor;

namespace ActorBroker.Replicas.Fetching;

/// <summary>
/// <c>/user/broker/fetchers/from-N</c>: copies partitions from one broker over one connection. It asks for all that are ready in
/// one request, hands each replica its part, and asks again when they have copied it.
/// </summary>
/// <remarks>
/// The records of one response are in memory, and of an earlier one only where a replica is slow: others do not wait for that
/// longer than <see cref="FetchOptions.Wait"/>, and nothing is asked while <see cref="MaxFrames"/> responses are held.
/// </remarks>
internal sealed class ReplicaFetcher : ReceiveActor, IWithTimers
{
    private const int MaxFrames = 4;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);

    private readonly FetcherHome _home;
    private readonly BrokerId _source;
    private readonly long _started;
    private readonly FollowedPartitions _partitions;
    private readonly Dictionary<FollowedPartition, Following> _followings = [];
    private readonly List<FetchedFrame> _frames = [];
    private readonly List<FollowedPartition> _asked = [];
    private readonly FollowerSession _session = new();
    private Source _address = new(null, -1);
    private IFetchSource? _connection;
    private FetchedFrame? _newest;
    private bool _isAsking;
    private int _failures;
    private TimeSpan _retryAt;

    /// <summary>Where the broker is; null: nobody knows.</summary>
    /// <param name="OwnEpoch">This broker's epoch, by which the leader knows it from its earlier lives.</param>
    public sealed record Source(BrokerEndpoint? Address, long OwnEpoch);

    private sealed class Following(ReplicaFetchers.Follow follow)
    {
        public ReplicaFetchers.Follow Follow { get; } = follow;

        public PartitionCopy? Copy { get; set; }
    }

    private sealed record Answered(Fetched Fetched);

    private sealed record Failed(Exception Cause);

    private enum Timer
    {
        /// <summary>A partition or the broker is to be tried again.</summary>
        Retry,

        /// <summary>Replicas that are still copying are no longer waited for.</summary>
        Slow,
    }

    public static Props Props(FetcherHome home, BrokerId source) =>
        Akka.Actor.Props.Create(() => new ReplicaFetcher(home, source)).WithDispatcher(ReplicaDispatchers.Partition);

    public ReplicaFetcher(FetcherHome home, BrokerId source)
    {
        (_home, _source) = (home, source);
        _started = home.Time.GetTimestamp();
        _partitions = new FollowedPartitions(home.Options.Backoff);
        Receive<ReplicaFetchers.Follow>(Follow);
        Receive<ReplicaFetchers.Unfollow>(unfollow => Unfollow(unfollow.Id));
        Receive<ReplicaFetchers.Throttle>(throttle =>
        {
            if (_partitions.Find(throttle.Id.Topic, throttle.Id.Partition) is { } partition)
                partition.IsThrottled = throttle.IsThrottled;
        });
        Receive<Source>(Move);
        Receive<Answered>(answered => On(answered.Fetched));
        Receive<Failed>(failed => On(failed.Cause));
        Receive<Copied>(On);
        Receive<Timer>(timer =>
        {
            if (timer == Timer.Slow) _newest = null;
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _home.Time.GetElapsedTime(_started);

    protected override bool AroundReceive(Receive receive, object message)
    {
        var isHandled = base.AroundReceive(receive, message);
        AskIfReady();
        return isHandled;
    }

    protected override void PostStop() => _connection?.Dispose();

    private void Follow(ReplicaFetchers.Follow follow)
    {
        Unfollow(follow.Id);
        _partitions.Add(follow.From);
        _followings.Add(follow.From, new Following(follow));
    }

    private void Unfollow(ReplicaId id)
    {
        if (_partitions.Find(id.Topic, id.Partition) is not { } partition) return;
        _partitions.Remove(id.Topic, id.Partition);
        if (_followings.Remove(partition, out var following)) Abandon(following.Copy);
    }

    private void Move(Source source)
    {
        if (source.Address != _address.Address)
        {
            _connection?.Dispose();
            _connection = null;
            _session.Reset();
            (_failures, _retryAt) = (0, TimeSpan.Zero);
        }
        _address = source;
    }

    private void AskIfReady()
    {
        if (_isAsking || _newest is { Users: > 0 } || _frames.Count >= MaxFrames) return;
        if (_address is not { Address: { } address, OwnEpoch: >= 0 }) return;
        var now = Now;
        if (_retryAt <= now) _partitions.Ask(now, _asked, Throttled);
        if (_asked.Count > 0) Ask(address);
        else if (_partitions.Count > 0) RetryLater(now);
    }

    private TimeSpan Throttled => _home.Quotas?.Follower.WaitAt(QuotaTime) ?? TimeSpan.Zero;

    /// <summary>The same for all fetchers.</summary>
    private TimeSpan QuotaTime => _home.Time.GetElapsedTime(0);

    private void RetryLater(TimeSpan now)
    {
        var next = _partitions.NextRetry;
        if (next == TimeSpan.MaxValue) return; // Replicas are at it.
        if (next < _retryAt) next = _retryAt;
        Timers.StartSingleTimer(Timer.Retry, Timer.Retry, next > now ? next - now : TimeSpan.Zero);
    }

    private void Ask(BrokerEndpoint address)
    {
        _isAsking = true;
        _connection ??= _home.Sources.Open(address);
        _connection.FetchAsync(Request()).PipeTo(
            Self, success: fetched => new Answered(fetched), failure: cause => new Failed(cause));
    }

    private FetchRequest Request()
    {
        var changed = new List<FollowedPartition>();
        var forgotten = new List<(TopicId Topic, int Index)>();
        _session.Tell(_asked, changed, forgotten);
        var topics = new Dictionary<TopicId, List<FetchRequest.Partition>>();
        foreach (var partition in changed)
        {
            if (!topics.TryGetValue(partition.Topic, out var partitions)) topics.Add(partition.Topic, partitions = []);
            partitions.Add(new FetchRequest.Partition
            {
                Index = partition.Index,
                CurrentLeaderEpoch = partition.Epoch,
                FetchOffset = partition.Next,
                LastFetchedEpoch = partition.LastEpoch,
                LogStartOffset = partition.LogStart,
                PartitionMaxBytes = _home.Options.PartitionBytes,
            });
        }
        return new FetchRequest
        {
            ReplicaId = _home.Broker,
            ReplicaEpoch = _address.OwnEpoch,
            MaxWaitMs = (int)_home.Options.Wait.TotalMilliseconds,
            MinBytes = _home.Options.MinBytes,
            MaxBytes = _home.Options.ResponseBytes,
            SessionId = _session.Id,
            SessionEpoch = _session.Epoch,
            Topics = [.. topics.Select(topic => new FetchRequest.Topic("", topic.Key, [.. topic.Value]))],
            ForgottenTopicsData =
            [
                .. forgotten.GroupBy(f => f.Topic, (topic, of) =>
                    new FetchRequest.ForgottenTopic("", topic, [.. of.Select(f => f.Index)])),
            ],
        };
    }

    private void On(Fetched fetched)
    {
        _isAsking = false;
        var (response, frame) = fetched;
        if (response.ErrorCode != ErrorCode.None)
        {
            frame.ReturnIfUnused();
            if (_session.Id != 0 && response.ErrorCode is ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch)
            {
                // The broker was restarted, or needed the place: all is told anew.
                _session.Reset();
                ForgetAsked();
                return;
            }
            On(new IOException($"Broker {_source} refuses: {response.ErrorCode}"));
            return;
        }
        _session.Answered(response.SessionId);
        if (_failures > 0) Log.SourceAnswers(_home.Log, _source);
        _failures = 0;
        foreach (var topic in response.Responses)
            foreach (var (head, records) in topic.Partitions)
                if (_partitions.Find(topic.TopicId, head.Index) is { } partition) HandOver(partition, head, records, frame);
        ForgetAsked();
        if (frame.Users == 0)
        {
            frame.ReturnIfUnused();
            return;
        }
        _frames.Add(frame);
        _newest = frame;
        Timers.StartSingleTimer(Timer.Slow, Timer.Slow, _home.Options.Wait);
    }

    private void HandOver(
        FollowedPartition partition, in FetchResponse.PartitionHead head, ReadOnlyMemory<byte> records, FetchedFrame frame)
    {
        var verdict = _partitions.Answered(
            partition, head.ErrorCode, head.DivergingEpoch.HasValue, hasRecords: !records.IsEmpty, Now);
        if (partition.IsThrottled) _home.Quotas?.Follower.Count(records.Length, QuotaTime);
        if (verdict == FetchVerdict.Outdated) return;
        var following = _followings[partition];
        if (verdict == FetchVerdict.Wait)
        {
            Log.Refused(_home.Log, following.Follow.Partition, head.ErrorCode, _source, partition.Epoch);
            return;
        }
        following.Copy = new PartitionCopy(partition, verdict, Self)
        {
            From = partition.Next,
            Records = records,
            HighWatermark = head.HighWatermark,
            LogStart = head.LogStartOffset,
            Diverging = head.DivergingEpoch is { } end ? new(end.Epoch, end.EndOffset) : Journal.Epochs.EpochEnd.Unknown,
            Frame = frame,
        };
        frame.Use();
        following.Follow.Replica.Tell(following.Copy, Self);
    }

    private void On(Exception cause)
    {
        _isAsking = false;
        _session.Reset();
        ForgetAsked();
        if (_failures == 0) Log.SourceFails(_home.Log, cause.Message, _source);
        else Log.SourceStillFails(_home.Log, cause, _source);
        _retryAt = Now + Backoff.After(_failures++, FirstBackoff, _home.Options.Backoff);
    }

    private void On(Copied copied)
    {
        var partition = copied.Copy.Partition;
        if (!_followings.TryGetValue(partition, out var following) || following.Copy != copied.Copy) return;
        following.Copy = null;
        var frame = copied.Copy.Frame!;
        frame.Release();
        if (frame.Users == 0) _frames.Remove(frame);
        partition.LogStart = copied.LogStart;
        if (copied.IsDone) _partitions.Copied(partition, copied.Next, copied.LastEpoch);
        else _partitions.Failed(partition, copied.Next, copied.LastEpoch, Now);
    }

    private void Abandon(PartitionCopy? copy)
    {
        if (copy?.Frame is not { } frame) return;
        frame.Abandon();
        if (frame.Users == 0) _frames.Remove(frame);
    }

    private void ForgetAsked()
    {
        foreach (var partition in _asked) FollowedPartitions.Unanswered(partition);
        _asked.Clear();
    }
}
