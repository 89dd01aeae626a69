namespace ActorBroker.Core.Groups;

/// <summary>What a broker's configuration says about groups.</summary>
/// <param name="MinSessionTimeout"><c>group.min.session.timeout.ms</c>.</param>
/// <param name="MaxSessionTimeout"><c>group.max.session.timeout.ms</c>.</param>
/// <param name="MaxSize"><c>group.max.size</c>: members of one group.</param>
/// <param name="InitialRebalanceDelay"><c>group.initial.rebalance.delay.ms</c>: how long an empty group waits for more.</param>
/// <param name="NewMemberJoinTimeout">How long a first join may be parked; then its client is thought gone.</param>
/// <param name="MaxOffsetMetadataBytes"><c>offset.metadata.max.bytes</c>.</param>
/// <param name="OffsetsRetention"><c>offsets.retention.minutes</c>.</param>
public sealed record GroupSettings(TimeSpan MinSessionTimeout, TimeSpan MaxSessionTimeout, int MaxSize,
    TimeSpan InitialRebalanceDelay, TimeSpan NewMemberJoinTimeout, int MaxOffsetMetadataBytes, TimeSpan OffsetsRetention);
