using System.Collections.Immutable;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Simulation.Clients;

/// <summary>A consumer that comes into its group and goes again, politely or not, by random; in the end it stays.</summary>
/// <remarks>It gives up its partitions at each rebalance, as consumers with the eager protocol do. A commit without an answer may still
/// arrive some day and set the offset back while its generation lasts: then it comes back as another member.</remarks>
internal sealed partial class GroupMember(
    ClusterClient cluster, Recorder recorder, string group, string topic, string? instance, Action<Task> watch)
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6), RebalanceTimeout = TimeSpan.FromSeconds(8);

    private readonly Coordinator _coordinator = new(cluster);
    private readonly SortedDictionary<int, Consumer> _reading = [];
    private string _memberId = "";
    private int _generation = -1;
    private bool _leads;
    private int _plannedPartitions;
    private int[] _assigned = [];

    public async Task RunAsync()
    {
        while (true)
        {
            await cluster.PauseAsync(recorder.IsEnding ? 1 : 5);
            if (!recorder.HasBegun) continue;
            await LiveAsync(cluster.Node.World.Now + TimeSpan.FromSeconds(5 + cluster.Node.Random.Next(40)));
        }
    }

    private string Name => instance ?? _memberId;

    private async Task LiveAsync(TimeSpan until)
    {
        Forget();
        while (recorder.IsEnding || cluster.Node.World.Now < until)
        {
            try
            {
                if (await _coordinator.LinkAsync(group) is not { } link) await cluster.PauseAsync(0.5);
                else if (_generation < 0) await JoinAsync(link);
                else await StayAsync(link);
            }
            catch (IOException)
            {
                _coordinator.Drop();
                await cluster.PauseAsync(0.3);
            }
        }
        await LeaveAsync();
    }

    /// <summary>A second in a generation.</summary>
    private async Task StayAsync(Link link)
    {
        await cluster.PauseAsync(1);
        var beat = await link.AskAsync(
            new HeartbeatRequest(group, _generation, _memberId, instance), HeartbeatVersion, ClusterClient.Timeout);
        if (beat.ErrorCode != ErrorCode.None && beat.ErrorCode != ErrorCode.RebalanceInProgress)
        {
            await FailedAsync(beat.ErrorCode);
            return;
        }
        var rebalances = beat.ErrorCode == ErrorCode.RebalanceInProgress || await SeesMorePartitionsAsync();
        if (rebalances || cluster.Node.Random.Next(3) > 0) await CommitAsync(link);
        if (rebalances) Revoke();
    }

    /// <summary>A leader looks now and then whether there is more to divide.</summary>
    private async Task<bool> SeesMorePartitionsAsync()
    {
        if (!_leads || cluster.Node.Random.Next(8) > 0) return false;
        await cluster.RefreshAsync(topic);
        return cluster.PartitionsOf(topic) > _plannedPartitions;
    }

    private async Task LeaveAsync()
    {
        try
        {
            if (_memberId.Length == 0 || cluster.Node.Random.Next(3) == 0 || await _coordinator.LinkAsync(group) is not { } link) return;
            if (_generation >= 0) await CommitAsync(link);
            foreach (var reading in _reading.Values) reading.Stop();
            if (_memberId.Length == 0 || instance is not null) return; // A static member does not say goodbye.
            await link.AskAsync(new LeaveGroupRequest(group, [new(_memberId)]), LeaveVersion, ClusterClient.Timeout);
        }
        catch (IOException)
        {
            // The group will miss it.
        }
        finally
        {
            Forget();
            _coordinator.Drop();
        }
    }

    /// <summary>What a member does about an error of its coordinator.</summary>
    private async Task FailedAsync(ErrorCode error)
    {
        cluster.Say($"{Name} of {group}: {error} in generation {_generation}");
        switch (error)
        {
            case ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration:
                Revoke();
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                Forget();
                break;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                _coordinator.Drop();
                await cluster.PauseAsync(0.3);
                break;
            case ErrorCode.CoordinatorLoadInProgress or ErrorCode.UnknownTopicOrPartition or ErrorCode.RequestTimedOut
                or ErrorCode.NotEnoughReplicas:
                await cluster.PauseAsync(0.3);
                break;
            default:
                recorder.Violations.Add(FormattableString.Invariant($"member {Name} of {group} got {error} in generation {_generation}"));
                break;
        }
    }

    /// <summary>It joins again, as who it is.</summary>
    private void Revoke()
    {
        foreach (var reading in _reading.Values) reading.Stop();
        _reading.Clear();
        (_generation, _leads) = (-1, false);
    }

    /// <summary>It joins as somebody new.</summary>
    private void Forget()
    {
        Revoke();
        _memberId = "";
    }

    private void Read(int partition, Offset from, Epoch epoch)
    {
        var consumer = new Consumer(cluster, recorder, group, new(topic, partition), from, epoch);
        _reading.Add(partition, consumer);
        watch(consumer.RunAsync());
    }

    private void Plan(JoinGroupResponse joined, SyncGroupRequest.MemberAssignment[] plan) => recorder.Planned(new(
        group, joined.GenerationId, joined.Members.ToImmutableDictionary(
            m => m.GroupInstanceId ?? m.MemberId,
            m => Partitions(plan.First(p => p.MemberId == m.MemberId).Assignment))));

    private ImmutableArray<TopicPartition> Partitions(byte[] assignment) =>
        [.. ConsumerProtocol.Partitions(assignment).Select(p => new TopicPartition(topic, p))];
}
