using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Replication;

/// <summary>One broker's replica of the partition: what the actor, the fetcher and the log do, in the least code.</summary>
internal sealed class SimulatedBroker(BrokerId id)
{
    private readonly Queue<PartitionImage> _metadata = new();
    private readonly Dictionary<Ticket, (int From, int To)> _produces = [];
    private Offset _checkpoint = Offset.Zero;
    private long _tickets;

    public BrokerId Id { get; } = id;

    public SimulatedLog Log { get; private set; } = new();

    /// <summary>Null: the process is not running, or the broker has no replica.</summary>
    public ReplicaState? State { get; private set; }

    public bool IsRunning { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>It was not stopped cleanly, and the controller has not heard of it yet.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>It has lost something, and was not in sync since.</summary>
    public bool IsTainted { get; set; }

    /// <summary>Records whose producers were told that they are safe, by their offset.</summary>
    public Action<int, int> Acknowledged { get; init; } = (_, _) => { };

    public bool Leads => IsRunning && State is { Role: ReplicaRole.Leader };

    public void Start(long epoch)
    {
        (IsRunning, IsDoubtful, Epoch) = (true, false, epoch);
        _metadata.Clear();
    }

    public void Stop(bool clean, bool losesPower, int kept)
    {
        if (clean) Checkpoint();
        (IsRunning, State, IsDoubtful) = (false, null, !clean);
        _produces.Clear();
        if (clean || !losesPower) return;
        IsTainted = true;
        Log.LosePower(kept);
    }

    public void Checkpoint() => _checkpoint = State?.HighWatermark ?? _checkpoint;

    public void Hear(PartitionImage image)
    {
        if (IsRunning) _metadata.Enqueue(image);
    }

    /// <summary>Carries out the next news.</summary>
    public void Apply(int minInSync, TimeSpan now)
    {
        if (!IsRunning || !_metadata.TryDequeue(out var image)) return;
        if (!image.Replicas.Contains(Id))
        {
            (State, Log, _checkpoint) = (null, new SimulatedLog(), Offset.Zero);
            _produces.Clear();
            return;
        }
        State ??= new ReplicaState(Id, Offset.Zero, Log.End, _checkpoint);
        if (image.Leader == Id)
            State.Lead(image.LeaderEpoch, image.Replicas.AsSpan(), image.Isr.AsSpan(), minInSync, now, image.PartitionEpoch);
        else State.Follow(image.LeaderEpoch, image.Leader);
        RunEffects();
    }

    public void Produce(int record, short acks, TimeSpan now)
    {
        if (!Leads || State!.CheckAppend(acks) != ErrorCode.None) return;
        Log.Records.Add((State.LeaderEpoch, record));
        State.Appended(Log.End, 1);
        if (acks == -1 && !State.IsCommitted(Log.End))
        {
            var ticket = new Ticket(++_tickets);
            _produces[ticket] = (Log.Records.Count - 1, record);
            State.ParkProduce(ticket, Log.End, now + TimeSpan.FromHours(1));
        }
        else if (acks == -1 && State.CommittedAnswer == ErrorCode.None) Acknowledged(Log.Records.Count - 1, record);
        RunEffects();
    }

    public Fetch? Ask() =>
        IsRunning && State is { Role: ReplicaRole.Follower } state && !state.Leader.IsNone
            ? new Fetch(Id, Epoch, state.Leader, state.LeaderEpoch, Log.End, Log.LastEpoch)
            : null;

    public Fetched? Answer(Fetch fetch, int max, TimeSpan now)
    {
        if (!IsRunning || State is not { } state) return null;
        var error = state.CheckFetch(fetch.From, fetch.Term, follower: true, out _);
        if (error != ErrorCode.None) return new Fetched(fetch, error, null, [], Offset.None, state.LogEnd);
        var (epoch, end) = Log.EndOf(fetch.LastEpoch, state.LeaderEpoch);
        if (FollowerStep.Diverges(fetch.LastEpoch, fetch.From, epoch, end))
            return new Fetched(fetch, error, (epoch, end), [], state.HighWatermark, state.LogEnd);
        error = state.FollowerFetched(fetch.Follower, fetch.From, Offset.Zero, now, fetch.BrokerEpoch);
        RunEffects();
        var records = Log.Records.Skip((int)fetch.From.Value).Take(max).ToList();
        return new Fetched(fetch, error, null, error == ErrorCode.None ? records : [], state.HighWatermark, state.LogEnd);
    }

    public void Take(Fetched answer)
    {
        var fetch = answer.To;
        if (!IsRunning || fetch.BrokerEpoch != Epoch || State is not { } state || !state.Expects(fetch.Term, fetch.From)) return;
        var step = FollowerStep.For(answer.Error);
        if (answer.Diverging is var (epoch, end))
        {
            var (ownEpoch, ownEnd) = Log.EndOf(epoch, Protocol.Epoch.None);
            step = FollowerStep.Diverged(epoch, end, ownEpoch, ownEnd, state.LogStart, Log.End, state.HighWatermark);
        }
        else if (step.Kind == FollowerStepKind.FindRange)
            step = FollowerStep.OutOfRange(Offset.Zero, answer.LeaderEnd, Log.End);
        switch (step.Kind)
        {
            case FollowerStepKind.Copy:
                Log.Records.AddRange(answer.Records);
                state.Copied(Log.End, answer.HighWatermark, answer.Records.Count);
                break;
            case FollowerStepKind.Truncate:
                Log.Truncate(step.Offset);
                state.TruncatedTo(Log.End);
                break;
        }
        RunEffects();
    }

    private void RunEffects()
    {
        while (State!.TryTakeEffect(out var effect))
        {
            if (effect.Kind != ReplicaEffectKind.AnswerProduce) continue;
            Assert.True(_produces.Remove(effect.To, out var produce));
            if (effect.Error == ErrorCode.None) Acknowledged(produce.From, produce.To);
        }
    }
}

internal sealed record Fetch(BrokerId Follower, long BrokerEpoch, BrokerId Leader, Epoch Term, Offset From, Epoch LastEpoch);

internal sealed record Fetched(
    Fetch To, ErrorCode Error, (Epoch Epoch, Offset End)? Diverging, List<(Epoch Epoch, int Record)> Records,
    Offset HighWatermark, Offset LeaderEnd);
