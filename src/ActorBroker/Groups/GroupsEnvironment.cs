using ActorBroker.Core.Groups;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Groups;

/// <summary>What all groups of a broker share.</summary>
/// <param name="CommitTimeout"><c>offsets.commit.timeout.ms</c>: how long an append may wait for the replicas.</param>
/// <param name="LoadBufferBytes"><c>offsets.load.buffer.size</c>.</param>
/// <param name="ExpiryInterval"><c>offsets.retention.check.interval.ms</c>.</param>
internal sealed record GroupsEnvironment(GroupSettings Settings, TimeSpan CommitTimeout, int LoadBufferBytes,
    TimeSpan ExpiryInterval, TimeProvider Time, ILogger Log)
{
    /// <summary>How long a newcomer's first join may be parked; Kafka has no key for it.</summary>
    private static readonly TimeSpan NewMemberJoinTimeout = TimeSpan.FromMinutes(5);

    public static GroupsEnvironment From(Hosting.Options.GroupOptions options, TimeProvider time, ILogger log) => new(
        new GroupSettings(options.MinSessionTimeout, options.MaxSessionTimeout, options.MaxSize, options.InitialRebalanceDelay,
            NewMemberJoinTimeout, options.OffsetMetadataMaxBytes, options.OffsetsRetention),
        options.CommitTimeout, options.LoadBufferBytes, options.OffsetsRetentionCheckInterval, time, log);
}
