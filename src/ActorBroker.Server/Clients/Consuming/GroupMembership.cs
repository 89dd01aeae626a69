using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>
/// This consumer's place in its group, by the classic protocol with eager rebalancing: join, sync, heartbeats, leave. As
/// leader it assigns. The heartbeats run on their own; what they learn shows in <see cref="NeedsJoin"/>.
/// </summary>
internal sealed class GroupMembership(GroupCoordinator coordinator, ConsumerOptions options) : IAsyncDisposable
{
    private readonly ClientOptions _client = coordinator.Client.Options;
    private CancellationTokenSource _stopHeartbeats = new();
    private Task _heartbeats = Task.CompletedTask;
    private IReadOnlyCollection<TopicPartition> _owned = [];
    private string _memberId = "";
    private int _generation = -1;
    private long _lastPoll;
    private volatile bool _needsJoin = true;

    public bool NeedsJoin => _needsJoin;

    public bool IsLeader { get; private set; }

    public Committer Committer => new(_generation, _memberId, options.GroupInstanceId);

    /// <summary>The application asked for records, so it lives.</summary>
    public void Polled() => Volatile.Write(ref _lastPoll, _client.Time.GetTimestamp());

    public void RequestJoin() => _needsJoin = true;

    /// <summary>Joins, or joins again, and waits until the group has agreed on an assignment.</summary>
    /// <exception cref="KafkaException">The group does not take this member.</exception>
    public async Task<List<TopicPartition>> JoinAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        await StopHeartbeatsAsync();
        for (var pause = _client.RetryBackoff; ; pause = Retry.NextPause(_client, pause))
        {
            try
            {
                if (await TryJoinAsync(topics, cancellation) is not { } assignment) continue;
                _owned = assignment;
                _needsJoin = false;
                Polled();
                _stopHeartbeats = new();
                _heartbeats = HeartbeatsAsync(_stopHeartbeats.Token);
                return assignment;
            }
            catch (Exception e) when (Retry.MayPass(e))
            {
                coordinator.Forget();
                await Task.Delay(pause, _client.Time, cancellation);
            }
        }
    }

    /// <summary>Leaves, so that the others need not wait for the session's end. A static member stays (KIP-345).</summary>
    public async ValueTask DisposeAsync()
    {
        await StopHeartbeatsAsync();
        if (_memberId.Length > 0 && options.GroupInstanceId is null) await LeaveAsync("the consumer is being closed");
        _stopHeartbeats.Dispose();
    }

    /// <returns>Null: to be tried again at once.</returns>
    private async Task<List<TopicPartition>?> TryJoinAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        var connection = await coordinator.ConnectAsync(cancellation);
        var subscription = ConsumerProtocol.WriteSubscription(topics, _owned, _generation);
        var joined = await connection.SendAsync(
            new JoinGroupRequest
            {
                GroupId = coordinator.GroupId,
                SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
                RebalanceTimeoutMs = (int)options.MaxPollInterval.TotalMilliseconds,
                MemberId = _memberId,
                GroupInstanceId = options.GroupInstanceId,
                ProtocolType = ConsumerProtocol.ProtocolType,
                Protocols = [.. options.Assignors.Select(a => new JoinGroupRequest.Protocol(a.Name, subscription))],
            },
            cancellation, timeout: options.MaxPollInterval + _client.RequestTimeout);
        switch (joined.ErrorCode)
        {
            case ErrorCode.MemberIdRequired:
                _memberId = joined.MemberId;
                return null;
            case ErrorCode.UnknownMemberId:
                ForgetMember();
                return null;
            default:
                KafkaException.ThrowIfError(joined.ErrorCode);
                break;
        }
        _memberId = joined.MemberId;
        _generation = joined.GenerationId;
        IsLeader = joined.Leader == _memberId;

        var assignments = IsLeader && !joined.SkipAssignment ? await AssignAsync(joined, cancellation) : [];
        var synced = await connection.SendAsync(
            new SyncGroupRequest
            {
                GroupId = coordinator.GroupId,
                GenerationId = _generation,
                MemberId = _memberId,
                GroupInstanceId = options.GroupInstanceId,
                ProtocolType = ConsumerProtocol.ProtocolType,
                ProtocolName = joined.ProtocolName,
                Assignments = assignments,
            },
            cancellation, timeout: options.MaxPollInterval + _client.RequestTimeout);
        switch (synced.ErrorCode)
        {
            case ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration:
                return null;
            case ErrorCode.UnknownMemberId:
                ForgetMember();
                return null;
            default:
                KafkaException.ThrowIfError(synced.ErrorCode);
                return ConsumerProtocol.ReadAssignment(synced.Assignment);
        }
    }

    private async Task<SyncGroupRequest.MemberAssignment[]> AssignAsync(JoinGroupResponse joined, CancellationToken cancellation)
    {
        var assignor = options.Assignors.FirstOrDefault(a => a.Name == joined.ProtocolName)
            ?? throw new KafkaException(
                ErrorCode.InconsistentGroupProtocol, $"The group chose {joined.ProtocolName}, which was not offered");
        var members = Array.ConvertAll(
            joined.Members, m => ConsumerProtocol.ReadSubscription(m.MemberId, m.GroupInstanceId, m.Metadata));
        var topics = members.SelectMany(m => m.Topics).Distinct().ToArray();
        var metadata = await coordinator.Client.RefreshAsync(topics, cancellation);
        var partitions = topics.Select(metadata.Topic).OfType<MetadataResponse.Topic>()
            .Where(t => t.ErrorCode == ErrorCode.None).ToDictionary(t => t.Name!, t => t.Partitions.Length);
        return [.. assignor.Assign(partitions, members)
            .Select(a => new SyncGroupRequest.MemberAssignment(a.Key, ConsumerProtocol.WriteAssignment(a.Value)))];
    }

    private async Task HeartbeatsAsync(CancellationToken stop)
    {
        try
        {
            while (!_needsJoin)
            {
                await Task.Delay(options.HeartbeatInterval, _client.Time, stop);
                if (_client.Time.GetElapsedTime(Volatile.Read(ref _lastPoll)) > options.MaxPollInterval)
                {
                    _needsJoin = true;
                    await LeaveAsync("the application does not poll");
                    return;
                }
                await HeartbeatAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task HeartbeatAsync(CancellationToken stop)
    {
        try
        {
            var connection = await coordinator.ConnectAsync(stop);
            var response = await connection.SendAsync(
                new HeartbeatRequest(coordinator.GroupId, _generation, _memberId, options.GroupInstanceId), stop);
            switch (response.ErrorCode)
            {
                case ErrorCode.None:
                    return;
                case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                    ForgetMember();
                    _needsJoin = true;
                    return;
                case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                    coordinator.Forget();
                    return;
                default:
                    _needsJoin = true;
                    return;
            }
        }
        catch (Exception e) when (Retry.MayPass(e))
        {
            coordinator.Forget(); // The next heartbeat may get through before the session ends.
        }
    }

    private async Task LeaveAsync(string reason)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _client.Time);
            var connection = await coordinator.ConnectAsync(limit.Token);
            await connection.SendAsync(
                new LeaveGroupRequest(coordinator.GroupId, [new(_memberId, options.GroupInstanceId, reason)]), limit.Token);
        }
        catch (Exception e) when (Retry.MayPass(e) || e is OperationCanceledException or KafkaException)
        {
            // The session's end does it as well.
        }
        ForgetMember();
    }

    private void ForgetMember()
    {
        _memberId = "";
        _generation = -1;
    }

    private async Task StopHeartbeatsAsync()
    {
        await _stopHeartbeats.CancelAsync();
        await _heartbeats;
    }
}
