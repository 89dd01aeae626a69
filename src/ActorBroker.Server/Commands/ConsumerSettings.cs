using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Commands;

/// <summary>Kafka's consumer properties as <see cref="ConsumerOptions"/>.</summary>
internal static class ConsumerSettings
{
    /// <exception cref="UsageException">A value is not allowed.</exception>
    public static ConsumerOptions Read(ClientProperties properties)
    {
        var defaults = new ConsumerOptions();
        return defaults with
        {
            GroupId = properties.Text("group.id"),
            GroupInstanceId = properties.Text("group.instance.id"),
            OffsetReset = Reset(properties.Text("auto.offset.reset")) ?? defaults.OffsetReset,
            AutoCommit = properties.Flag("enable.auto.commit") ?? defaults.AutoCommit,
            AutoCommitInterval = properties.Milliseconds("auto.commit.interval.ms") ?? defaults.AutoCommitInterval,
            SessionTimeout = properties.Milliseconds("session.timeout.ms") ?? defaults.SessionTimeout,
            HeartbeatInterval = properties.Milliseconds("heartbeat.interval.ms") ?? defaults.HeartbeatInterval,
            MaxPollInterval = properties.Milliseconds("max.poll.interval.ms") ?? defaults.MaxPollInterval,
            FetchMinBytes = properties.Number("fetch.min.bytes") ?? defaults.FetchMinBytes,
            FetchMaxBytes = properties.Number("fetch.max.bytes") ?? defaults.FetchMaxBytes,
            MaxPartitionFetchBytes = properties.Number("max.partition.fetch.bytes") ?? defaults.MaxPartitionFetchBytes,
            FetchMaxWait = properties.Milliseconds("fetch.max.wait.ms") ?? defaults.FetchMaxWait,
            IsolationLevel = Isolation(properties.Text("isolation.level")) ?? defaults.IsolationLevel,
            Assignors = properties.Text(
                "partition.assignment.strategy") is { } names ? [.. names.Split(',').Select(Assignor)] : defaults.Assignors,
        };
    }

    private static IAssignor Assignor(string name) => AssignorList.Find(name.Trim())
        ?? throw new UsageException(
            $"partition.assignment.strategy={name} is none of {string.Join(", ", AssignorList.All.Select(a => a.Name))}");

    private static OffsetReset? Reset(string? text) => text switch
    {
        null => null,
        "latest" or "largest" => OffsetReset.Latest,
        "earliest" or "smallest" => OffsetReset.Earliest,
        "none" => OffsetReset.None,
        _ => throw new UsageException($"auto.offset.reset={text} is none of latest, earliest and none"),
    };

    private static IsolationLevel? Isolation(string? text) => text switch
    {
        null => null,
        "read_uncommitted" => IsolationLevel.ReadUncommitted,
        "read_committed" => IsolationLevel.ReadCommitted,
        _ => throw new UsageException($"isolation.level={text} is neither read_uncommitted nor read_committed"),
    };
}
