using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Simulation.Clients;

/// <summary>What it says to its coordinator.</summary>
internal sealed partial class GroupMember
{
    private const short JoinVersion = 9, SyncVersion = 5, HeartbeatVersion = 4, LeaveVersion = 5, CommitVersion = 8, FetchVersion = 8;

    private const string Assignor = "roundrobin";

    private async Task JoinAsync(Link link)
    {
        var joined = await link.AskAsync(
            new JoinGroupRequest
            {
                GroupId = group,
                SessionTimeoutMs = (int)SessionTimeout.TotalMilliseconds,
                RebalanceTimeoutMs = (int)RebalanceTimeout.TotalMilliseconds,
                MemberId = _memberId,
                GroupInstanceId = instance,
                ProtocolType = ConsumerProtocol.Type,
                Protocols = [new(Assignor, ConsumerProtocol.Subscription(topic))],
            },
            JoinVersion,
            RebalanceTimeout + ClusterClient.Timeout);
        if (joined.ErrorCode == ErrorCode.MemberIdRequired)
        {
            _memberId = joined.MemberId;
            return;
        }
        if (joined.ErrorCode != ErrorCode.None)
        {
            await FailedAsync(joined.ErrorCode);
            return;
        }
        _memberId = joined.MemberId;
        _leads = joined.Leader == _memberId;
        if (!await SyncAsync(link, joined)) return;
        if (await OffsetsAsync(link, joined.GenerationId) is not { } offsets) return;
        _generation = joined.GenerationId;
        foreach (var found in offsets)
        {
            cluster.Heard(new(topic, found.Index), found.CommittedLeaderEpoch);
            Read(found.Index, Offset.Max(found.CommittedOffset, Offset.Zero), found.CommittedLeaderEpoch);
        }
    }

    private async Task<bool> SyncAsync(Link link, JoinGroupResponse joined)
    {
        SyncGroupRequest.MemberAssignment[] plan = [];
        if (_leads && !joined.SkipAssignment)
        {
            await cluster.RefreshAsync(topic);
            _plannedPartitions = cluster.PartitionsOf(topic);
            plan = Divide([.. joined.Members.Select(m => m.MemberId)], joined.GenerationId);
            Plan(joined, plan);
        }
        var synced = await link.AskAsync(
            new SyncGroupRequest
            {
                GroupId = group,
                GenerationId = joined.GenerationId,
                MemberId = _memberId,
                GroupInstanceId = instance,
                ProtocolType = ConsumerProtocol.Type,
                ProtocolName = Assignor,
                Assignments = plan,
            },
            SyncVersion,
            RebalanceTimeout + ClusterClient.Timeout);
        if (synced.ErrorCode != ErrorCode.None)
        {
            await FailedAsync(synced.ErrorCode);
            return false;
        }
        _assigned = ConsumerProtocol.Partitions(synced.Assignment);
        cluster.Say($"{Name} of {group} reads [{string.Join(',', _assigned)}] in generation {joined.GenerationId}");
        recorder.Told(new(group, joined.GenerationId, Name, Partitions(synced.Assignment)));
        return true;
    }

    private SyncGroupRequest.MemberAssignment[] Divide(string[] members, int generation)
    {
        var partitions = Enumerable.Range(0, _plannedPartitions).ToLookup(p => (p + generation) % members.Length);
        return
        [
            .. members.Select((m, i) => new SyncGroupRequest.MemberAssignment(
                m, ConsumerProtocol.Assignment(topic, [.. partitions[i]]))),
        ];
    }

    /// <summary>Where to read on; null where that is not to be known yet, so that it joins again.</summary>
    private async Task<OffsetFetchResponse.Partition[]?> OffsetsAsync(Link link, int generation)
    {
        if (_assigned.Length == 0) return [];
        var started = cluster.Node.World.Now;
        var answer = await link.AskAsync(
            new OffsetFetchRequest([new(group, [new(topic, _assigned)])], RequireStable: true), FetchVersion, ClusterClient.Timeout);
        var found = answer.Groups[0];
        if (found.ErrorCode != ErrorCode.None)
        {
            await FailedAsync(found.ErrorCode);
            return null;
        }
        var partitions = found.Topics[0].Partitions;
        if (partitions.FirstOrDefault(p => p.ErrorCode != ErrorCode.None) is { ErrorCode: not ErrorCode.None } failed)
        {
            cluster.Say($"{Name} of {group}: {failed.ErrorCode} for the offset of partition {failed.Index}");
            await cluster.PauseAsync(0.3);
            return null;
        }
        foreach (var partition in partitions) Note("found", partition.Index, partition.CommittedOffset, generation, started);
        return partitions;
    }

    private async Task CommitAsync(Link link)
    {
        if (_reading.Count == 0) return;
        var started = cluster.Node.World.Now;
        OffsetCommitRequest.Partition[] commits =
            [.. _reading.Select(r => new OffsetCommitRequest.Partition(r.Key, r.Value.Position, r.Value.PositionEpoch, ""))];
        OffsetCommitResponse answer;
        try
        {
            answer = await link.AskAsync(
                new OffsetCommitRequest
                {
                    GroupId = group,
                    GenerationIdOrMemberEpoch = _generation,
                    MemberId = _memberId,
                    GroupInstanceId = instance,
                    Topics = [new(topic, commits)],
                },
                CommitVersion, TimeSpan.FromSeconds(8));
        }
        catch (IOException)
        {
            Forget();
            throw;
        }
        var failed = ErrorCode.None;
        foreach (var (index, error) in answer.Topics[0].Partitions)
        {
            if (error != ErrorCode.None) failed = error;
            else Note("committed", index, commits.Single(c => c.Index == index).CommittedOffset, _generation, started);
        }
        if (failed != ErrorCode.None) await FailedAsync(failed);
    }

    private void Note(string what, int index, Offset offset, int generation, TimeSpan started)
    {
        cluster.Say(
            $"{Name} of {group} in generation {generation}: {what} {offset} of partition {index}, asked for at {started.TotalSeconds:F6}");
        recorder.Offset(group, new(topic, index), offset, started, cluster.Node.World.Now);
    }
}
