using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Groups;

/// <summary>A consumer in a group, in short: one connection; as leader it deals partitions out in turn.</summary>
internal sealed class GroupMember(BrokerClient client, string group, int partitions) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly byte[] Subscription = [0, 0, 0, 0, 0, 1, 0, 1, (byte)'t', 255, 255, 255, 255];

    public string MemberId { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    /// <summary>Of topic t; as it was dealt by the leader.</summary>
    public byte[] Partitions { get; private set; } = [];

    public static async Task<GroupMember> ConnectAsync(EmbeddedBroker broker, string group, int partitions)
    {
        var client = await BrokerClient.ConnectAsync(broker);
        var find = new FindCoordinatorRequest(CoordinatorType.Group, [group]);
        using var patience = new CancellationTokenSource(Patience);
        while ((await client.AskAsync(find)).Coordinators[0].ErrorCode is not ErrorCode.None)
            await Task.Delay(20, patience.Token);
        return new(client, group, partitions);
    }

    /// <summary>Joins, and syncs, until it has its part of a generation.</summary>
    public async Task JoinAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var joined = await client.AskAsync(new JoinGroupRequest
            {
                GroupId = group,
                MemberId = MemberId,
                SessionTimeoutMs = 120_000,
                RebalanceTimeoutMs = 60_000,
                ProtocolType = "consumer",
                Protocols = [new("in turn", Subscription)],
            });
            MemberId = joined.MemberId;
            if (joined.ErrorCode is not ErrorCode.None) continue;
            Generation = joined.GenerationId;
            var synced = await client.AskAsync(new SyncGroupRequest
            {
                GroupId = group,
                GenerationId = Generation,
                MemberId = MemberId,
                Assignments = [.. joined.Members.Select((each, place) => new SyncGroupRequest.MemberAssignment(each.MemberId,
                    [.. Enumerable.Range(0, partitions).Where(i => i % joined.Members.Length == place).Select(i => (byte)i)]))],
            });
            if (synced.ErrorCode is not ErrorCode.None) continue;
            Partitions = synced.Assignment;
            return;
        }
    }

    /// <summary>Stays a member until <paramref name="enough"/>: joins again whenever it is told to.</summary>
    public async Task StayAsync(Func<bool> enough)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!enough())
        {
            await Task.Delay(20, patience.Token);
            if (await HeartbeatAsync() is not ErrorCode.None) await JoinAsync();
        }
    }

    public async Task<ErrorCode> HeartbeatAsync() =>
        (await client.AskAsync(new HeartbeatRequest(group, Generation, MemberId))).ErrorCode;

    public async Task<ErrorCode> CommitAsync(int partition, long offset) => (await client.AskAsync(new OffsetCommitRequest
    {
        GroupId = group,
        GenerationIdOrMemberEpoch = Generation,
        MemberId = MemberId,
        Topics = [new("t", [new(partition, new(offset), Epoch.None, null)])],
    })).Topics[0].Partitions[0].ErrorCode;

    public Task LeaveAsync() => client.AskAsync(new LeaveGroupRequest(group, [new(MemberId)]));

    public void Dispose() => client.Dispose();
}
