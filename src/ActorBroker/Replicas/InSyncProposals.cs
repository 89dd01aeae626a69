using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas;

/// <summary>
/// <c>/user/broker/in-sync</c>: brings the in-sync sets that this broker's leaders propose to the controller (AlterPartition):
/// all that wait in one request, one request at a time. Also has the leaders look for followers that lag.
/// </summary>
/// <remarks>A proposal is answered by <see cref="Decided"/> in any case; leaders propose anew what still holds.</remarks>
internal sealed class InSyncProposals : ReceiveActor, IWithTimers
{
    /// <summary>A controller that moves to another broker is there again after some seconds.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly BrokerId _self;
    private readonly TimeSpan _checkInterval;
    private readonly ILogger _log;
    private readonly Dictionary<ReplicaId, Propose> _waiting = [];
    private IController? _controller;
    private long _brokerEpoch = -1;
    private bool _isAsking;

    /// <summary>From the broker's start: whom to ask.</summary>
    public sealed record Use(IController Controller);

    /// <summary>From a leader.</summary>
    public sealed record Propose(ReplicaId Id, InSyncProposal Proposal, IActorRef Leader)
    {
        internal IsrChange Change => new(
            Id.Topic, Id.Partition, Proposal.LeaderEpoch, Proposal.PartitionEpoch, Proposal.InSync);
    }

    /// <summary>To the leader.</summary>
    /// <param name="Result">Null: no answer came. The change may have taken effect.</param>
    public sealed record Decided(InSyncProposal Proposal, IsrResult? Result);

    private sealed record Answered(ImmutableArray<Propose> Asked, ClusterCommand.AlterPartition.Answer Answer);

    private sealed record NotAnswered(ImmutableArray<Propose> Asked, Exception Cause);

    private sealed record Check
    {
        public static readonly Check Instance = new();
    }

    /// <param name="maxLag"><c>replica.lag.time.max.ms</c>.</param>
    public static Props Props(BrokerId self, TimeSpan maxLag, LocalReplicas replicas, ILogger log) =>
        Akka.Actor.Props.Create(() => new InSyncProposals(self, maxLag, replicas, log));

    public InSyncProposals(BrokerId self, TimeSpan maxLag, LocalReplicas replicas, ILogger log)
    {
        (_self, _log) = (self, log);
        _checkInterval = maxLag / 2; // As Kafka: a follower that stops leaves after at most 1.5 times the allowed lag.
        Receive<Use>(use => _controller = use.Controller);
        Receive<MetadataImage>(image => _brokerEpoch = image.Brokers.GetValueOrDefault(_self)?.Epoch ?? -1);
        Receive<Propose>(propose => _waiting[propose.Id] = propose);
        Receive<Answered>(answered => On(answered));
        Receive<NotAnswered>(failed =>
        {
            _isAsking = false;
            Log.ProposalsLost(_log, failed.Cause.Message, failed.Asked.Length);
            foreach (var propose in failed.Asked) propose.Leader.Tell(new Decided(propose.Proposal, null));
        });
        Receive<Check>(_ =>
        {
            foreach (var replica in replicas.All) replica.Actor.Tell(Replica.CheckInSync.Instance);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(Check.Instance, Check.Instance, _checkInterval);

    protected override bool AroundReceive(Receive receive, object message)
    {
        var isHandled = base.AroundReceive(receive, message);
        AskIfIdle();
        return isHandled;
    }

    private void AskIfIdle()
    {
        if (_isAsking || _waiting.Count == 0 || _controller is null || _brokerEpoch < 0) return;
        _isAsking = true;
        ImmutableArray<Propose> asked = [.. _waiting.Values];
        _waiting.Clear();
        var command = new ClusterCommand.AlterPartition(_self, _brokerEpoch, [.. asked.Select(propose => propose.Change)]);
        _controller.AskAsync<ClusterCommand.AlterPartition.Answer>(command, AnswerTimeout).PipeTo(
            Self, success: answer => new Answered(asked, answer), failure: cause => new NotAnswered(asked, cause));
    }

    private void On(Answered answered)
    {
        _isAsking = false;
        var (asked, answer) = answered;
        if (answer.Error != ErrorCode.None) Log.ProposalsRefused(_log, answer.Error, asked.Length);
        var results = answer.Partitions.ToDictionary(result => new ReplicaId(result.Topic, result.Partition));
        foreach (var (id, proposal, leader) in asked)
        {
            var result = results.GetValueOrDefault(id) ?? new IsrResult(id.Topic, id.Partition, answer.Error, null);
            leader.Tell(new Decided(proposal, result));
        }
    }
}
