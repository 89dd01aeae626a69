using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>Leading: proposes to the controller which replicas are in sync, and takes over what it decides.</summary>
internal sealed partial class ReplicaActor
{
    /// <summary>After a refusal. What the controller objects to takes some time to change.</summary>
    private static readonly TimeSpan ProposeAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the newest image of this partition, from the metadata or from the controller's answer.</summary>
    private int _partitionEpoch = -1;

    private TimeSpan _nextProposal;

    private void ConsiderInSync()
    {
        if (_state is not { Role: ReplicaRole.Leader, IsProposing: false } state || Now < _nextProposal) return;
        var epochStart = _log!.Epochs.StartOf(state.LeaderEpoch);
        if (!state.TryPropose(Now, _home.MaxLag, epochStart, out var inSync)) return;
        Log.ProposesInSync(_home.Log, Partition, state.InSyncCount, inSync.Length, state.HighWatermark, state.LogEnd);
        var change = new IsrChange(
            Id.Topic, Id.Partition, state.LeaderEpoch, _partitionEpoch,
            [.. inSync.Select(replica => new InSyncReplica(replica.Broker, replica.BrokerEpoch))]);
        _home.InSync.Tell(new InSyncProposals.Propose(change, Self), Self);
    }

    private void Learn(InSyncProposals.Decided decided)
    {
        if (_state is not { Role: ReplicaRole.Leader } state || decided.Change.LeaderEpoch != state.LeaderEpoch) return;
        if (decided.Result is not { } result)
        {
            _nextProposal = Now + ProposeAgain;
            state.EndProposal(isKnown: false);
            return;
        }
        var isOfThisTerm = result.Now is { } now && now.Leader == _home.Broker && now.LeaderEpoch == state.LeaderEpoch;
        if (isOfThisTerm && result.Now!.PartitionEpoch > _partitionEpoch) TakeInSync(state, result.Now);
        if (result.Error != ErrorCode.None)
        {
            Log.InSyncRefused(_home.Log, Partition, result.Error);
            _nextProposal = Now + ProposeAgain;
        }
        state.EndProposal(isKnown: true);
    }

    private void TakeInSync(ReplicaState state, PartitionImage image)
    {
        _partitionEpoch = image.PartitionEpoch;
        state.SetInSync(image.Isr.AsSpan());
        Log.InSync(_home.Log, Partition, string.Join(", ", image.Isr), image.PartitionEpoch);
    }
}
