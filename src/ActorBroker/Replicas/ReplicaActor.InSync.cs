using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>Leading: brings to the controller which replicas are to be in sync, and takes over what it decides.</summary>
internal sealed partial class ReplicaActor
{
    /// <summary>After a refusal, or no answer. What stands against it takes some time to change.</summary>
    private static readonly TimeSpan ProposeAgain = TimeSpan.FromMilliseconds(500);

    private TimeSpan _nextProposal;

    private void ConsiderInSync()
    {
        if (_state is not { Role: ReplicaRole.Leader } state || Now < _nextProposal) return;
        if (state.ProposeInSync(Now, _home.MaxLag, _home.IsActive, ownEpoch: -1) is not { } proposal) return;
        Log.ProposesInSync(
            _home.Log, Partition, state.InSyncCount, proposal.InSync.Length, state.HighWatermark, state.LogEnd);
        Send(proposal);
    }

    private void Send(InSyncProposal proposal) =>
        _home.InSync.Tell(new InSyncProposals.Propose(Id, proposal, Self), Self);

    private void Learn(InSyncProposals.Decided decided)
    {
        var (proposal, result) = decided;
        if (_state is not { Role: ReplicaRole.Leader } state || proposal.LeaderEpoch != state.LeaderEpoch) return;
        if (result?.Now is { } now && now.Leader == _home.Broker && now.LeaderEpoch == state.LeaderEpoch) TakeInSync(state, now);
        var error = result?.Error ?? ErrorCode.RequestTimedOut;
        var again = state.InSyncAnswered(proposal, error);
        if (error == ErrorCode.None) return;
        Log.InSyncRefused(_home.Log, Partition, error);
        _nextProposal = Now + ProposeAgain;
        if (again) Timers.StartSingleTimer(SendAgain.Instance, SendAgain.Instance, ProposeAgain);
    }

    /// <summary>Whether the controller took the proposal is not known: it is asked the same once more.</summary>
    private void SendProposalAgain()
    {
        if (_state is { Role: ReplicaRole.Leader, PendingInSync: { } proposal }) Send(proposal);
    }

    private void TakeInSync(ReplicaState state, PartitionImage image)
    {
        if (image.PartitionEpoch <= state.PartitionEpoch) return;
        state.SetInSync(image.Isr.AsSpan(), image.PartitionEpoch);
        Log.InSync(_home.Log, Partition, string.Join(", ", image.Isr), image.PartitionEpoch);
        WarnIfAlone(state);
    }

    /// <summary>Who asks for acks=all expects more than one copy, and is not told that there is only this one.</summary>
    private void WarnIfAlone(ReplicaState state)
    {
        if (state is { InSyncCount: 1, ReplicaCount: > 1, EnoughInSync: true })
            Log.AcksAllIsAcksOne(_home.Log, Partition, state.ReplicaCount);
    }

    private sealed record SendAgain
    {
        public static readonly SendAgain Instance = new();
    }
}
