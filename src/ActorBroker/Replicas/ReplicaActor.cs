using ActorBroker.Core;
using ActorBroker.Core.Replication;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Replicas.Fetching;
using Akka.Actor;

namespace ActorBroker.Replicas;

/// <summary>
/// One replica of one partition: a thin shell that runs <see cref="ReplicaState"/> on a <see cref="PartitionLog"/>, whose only
/// owner it is.
/// </summary>
/// <remarks>
/// It runs on <c>partition-dispatcher</c>, that is mostly on threads of connections, so it never waits for the disk: what may
/// block runs on <c>log-dispatcher</c>, and what came meanwhile waits in a queue. An exception that is no storage failure stops
/// it; the region starts another one from the log.
/// </remarks>
internal sealed partial class ReplicaActor : UntypedActor, IWithTimers
{
    private readonly ReplicaHome _home;
    private readonly long _started;
    private readonly TicketTable<Written> _producers = new();
    private readonly TicketTable<ReadRequest> _readers = new();
    private Replica.Assign? _assigned;
    private ReplicaState? _state;
    private PartitionLog? _log;
    private LocalReplica? _published;
    private bool _hasFailed;
    private TimeSpan _nextExpiry = TimeSpan.MaxValue;

    public ReplicaActor(ReplicaHome home)
    {
        _home = home;
        _started = home.Time.GetTimestamp();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ReplicaHome home) =>
        Akka.Actor.Props.Create(() => new ReplicaActor(home)).WithDispatcher(ReplicaDispatchers.Partition);

    private TimeSpan Now => _home.Time.GetElapsedTime(_started);

    private long NowMs => _home.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private TopicPartition Partition => _assigned!.Partition;

    private ReplicaId Id => _assigned!.Id;

    protected override void OnReceive(object message)
    {
        try
        {
            if (_isBusy && MustWait(message)) _waiting.Enqueue((message, Sender));
            else HandleOrRefuse(message);
            if (_state is not null) RunEffects(_state);
            if (_stop is not null) TryStop();
        }
        catch
        {
            _hasFailed = true; // Who knows what it has done to its log.
            throw;
        }
    }

    protected override void PostStop()
    {
        if (_published is not null) _home.Replicas.Remove(_published);
        if (_state is not null)
        {
            _state.GoOffline();
            RunEffects(_state);
        }
        RefuseAll();
        StopFollowing();
        LeaveLog();
    }

    private void HandleOrRefuse(object message)
    {
        try
        {
            Handle(message);
        }
        catch
        {
            Refuse(message, ErrorCode.UnknownServerError); // A bug of ours; whoever asked is not left waiting for it.
            throw;
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case AppendRequest append: Append(append); break;
            case WriteStaged: Write(); break;
            case PartitionCopy copy: Copy(copy); break;
            case ReadRequest read: Read(read); break;
            case ReadRequest.Parking park: Park(park.Request); break;
            case ReadRequest.Leaving leave: Leave(leave.Request); break;
            case FlushGroup.Flushed flushed: CompleteFlush(flushed.Flush); break;
            case Expire: _state!.Expire(Now); break;
            case WorkDone done: CompleteWork(done); break;
            case Replica.Assign assign: Assign(assign); break;
            case Replica.StorageFailed failed: if (_assigned is not null) TakesOffline(failed.Cause); break;
            case OpenAgain: if (_log is null) Assign(_assigned!); break;
            case Replica.FindOffset find: FindOffset(find); break;
            case Replica.FindEpochEnd find: FindEpochEnd(find); break;
            case Replica.DeleteRecords delete: DeleteRecords(delete); break;
            case Replica.Maintain: Maintain(); break;
            case Replica.CheckInSync: ConsiderInSync(); break;
            case Replica.SendAway: _state?.SendAway(); break;
            case SendAgain: SendProposalAgain(); break;
            case InSyncProposals.Decided decided: Learn(decided); break;
            case Replica.Stop stop: _stop ??= (stop, Sender); break;
            default: Unhandled(message); break;
        }
    }

    private void Assign(Replica.Assign assign)
    {
        Write();
        if (_isBusy)
        {
            _waiting.Enqueue((assign, Sender));
            return;
        }
        _assigned = assign;
        if (_published is null)
        {
            _published = new LocalReplica(assign.Partition, assign.Topic, Self, assign.Rules);
            _home.Replicas.Add(_published);
        }
        _published.Rules = assign.Rules;
        if (_log is null)
        {
            Open(assign, Sender);
            return;
        }
        FlushAndTakeRole(Sender);
    }

    /// <summary>In another role the records that wait for a flush count too, so they are flushed first.</summary>
    private void FlushAndTakeRole(IActorRef asker)
    {
        var (state, log) = (_state!, _log!);
        log.Config = _assigned!.Log;
        if (log.IsOffline || log.LogEndOffset <= state.LogEnd || !IsNewRole(state))
        {
            TakeRole();
            asker.Tell(new Replica.Assigned(Id), Self);
            return;
        }
        RunWork("flushing", () => log.Flush(NowMs), failure =>
        {
            if (failure is null) TakeRole();
            else if (!TakesOffline(failure)) GoOffline(failure);
            asker.Tell(new Replica.Assigned(Id), Self);
        });
    }

    private bool IsNewRole(ReplicaState state)
    {
        var image = _assigned!.Image;
        return image.LeaderEpoch > state.LeaderEpoch
            || state.Role != (image.Leader == _home.Broker ? ReplicaRole.Leader : ReplicaRole.Follower);
    }

    /// <summary>What the metadata says of this replica now, with its log open.</summary>
    private void TakeRole()
    {
        var (state, log, image) = (_state!, _log!, _assigned!.Image);
        var isNew = IsNewRole(state);
        if (log.IsOffline || image.LeaderEpoch < state.LeaderEpoch) return;
        if (isNew)
        {
            while (_unflushed.TryDequeue(out var written)) written.Request.Refused(ErrorCode.NotLeaderOrFollower);
            DropUnflushedCopy();
            state.CountAll(log.LogEndOffset);
        }
        if (image.Leader == _home.Broker) Lead(state, log, isNew);
        else if (isNew && state.Follow(image.LeaderEpoch, image.Leader)) StartFollowing(state);
        else TellThrottle();
    }

    private void Lead(ReplicaState state, PartitionLog log, bool isNew)
    {
        var image = _assigned!.Image;
        // Refused: the controller's answer to a proposal told something newer of the replicas in sync.
        if (!state.Lead(
            image.LeaderEpoch, image.Replicas.AsSpan(), image.Isr.AsSpan(), _assigned.MinInSync, Now, image.PartitionEpoch))
            state.SetMinInSync(_assigned.MinInSync);
        if (!isNew) return;
        _nextProposal = TimeSpan.Zero;
        StopFollowing();
        try
        {
            if (log.Epochs.Latest < image.LeaderEpoch) log.BeginEpoch(image.LeaderEpoch);
        }
        catch (LogStorageException e)
        {
            if (!TakesOffline(e)) GoOffline(e);
            return;
        }
        Log.Leads(_home.Log, Partition, state.LeaderEpoch, state.LogStart, state.LogEnd, state.HighWatermark);
        WarnIfAlone(state);
    }

    private void RunEffects(ReplicaState state)
    {
        while (state.TryTakeEffect(out var effect))
        {
            switch (effect.Kind)
            {
                case ReplicaEffectKind.AnswerProduce: Answer(_producers.Take(effect.To), effect.Error); break;
                case ReplicaEffectKind.FetchProgress: _readers[effect.To].Progress(effect.Bytes); break;
                case ReplicaEffectKind.FetchAgain: TakeReader(effect.To).Progress(long.MaxValue); break;
                default: throw new InvalidOperationException($"Effect {effect.Kind} is unknown.");
            }
        }
        if (_log is not null) _log.HighWatermark = state.HighWatermark;
        SetExpiry(state);
    }

    /// <summary>A timer only while a produce is parked.</summary>
    private void SetExpiry(ReplicaState state)
    {
        if (state.NextDeadline == _nextExpiry) return;
        _nextExpiry = state.NextDeadline;
        if (_nextExpiry == TimeSpan.MaxValue) Timers.Cancel(Expire.Instance);
        else Timers.StartSingleTimer(
            Expire.Instance, Expire.Instance, TimeSpan.FromTicks(Math.Max((_nextExpiry - Now).Ticks, 0)));
    }

    private sealed record Expire
    {
        public static readonly Expire Instance = new();
    }
}
