using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Times and limits of sharding: the keys of <c>akka.cluster.sharding</c>, by the names that they have there.</summary>
public class TuningParameters
{
    public readonly TimeSpan CoordinatorFailureBackoff;
    public readonly TimeSpan RetryInterval;
    public readonly int BufferSize;
    public readonly TimeSpan HandOffTimeout;
    public readonly TimeSpan ShardStartTimeout;
    public readonly TimeSpan RebalanceInterval;
    public readonly int LeastShardAllocationRebalanceThreshold;
    public readonly int LeastShardAllocationMaxSimultaneousRebalance;
    public readonly int LeastShardAllocationAbsoluteLimit;
    public readonly double LeastShardAllocationRelativeLimit;

    private TuningParameters(Values values)
    {
        (CoordinatorFailureBackoff, RetryInterval, BufferSize, HandOffTimeout, ShardStartTimeout, RebalanceInterval,
            LeastShardAllocationRebalanceThreshold, LeastShardAllocationMaxSimultaneousRebalance,
            LeastShardAllocationAbsoluteLimit, LeastShardAllocationRelativeLimit, RegionRegistrationTimeout) = values;
        Positive(RetryInterval, "retry-interval");
        Positive(HandOffTimeout, "handoff-timeout");
        Positive(ShardStartTimeout, "shard-start-timeout");
        Positive(RebalanceInterval, "rebalance-interval");
        Positive(RegionRegistrationTimeout, "region-registration-timeout");
        if (BufferSize < 0) throw new ConfigurationException("akka.cluster.sharding.buffer-size must not be negative");
        if (LeastShardAllocationRelativeLimit is < 0 or > 1)
            throw new ConfigurationException("...least-shard-allocation-strategy.rebalance-relative-limit must be 0 to 1");
    }

    internal TimeSpan RegionRegistrationTimeout { get; }

    public TuningParameters WithCoordinatorFailureBackoff(TimeSpan coordinatorFailureBackoff) =>
        new(Own with { CoordinatorFailureBackoff = coordinatorFailureBackoff });
    public TuningParameters WithRetryInterval(TimeSpan retryInterval) => new(Own with { RetryInterval = retryInterval });
    public TuningParameters WithBufferSize(int bufferSize) => new(Own with { BufferSize = bufferSize });
    public TuningParameters WithHandOffTimeout(TimeSpan handOffTimeout) => new(Own with { HandOffTimeout = handOffTimeout });
    public TuningParameters WithShardStartTimeout(TimeSpan shardStartTimeout) =>
        new(Own with { ShardStartTimeout = shardStartTimeout });
    public TuningParameters WithRebalanceInterval(TimeSpan rebalanceInterval) =>
        new(Own with { RebalanceInterval = rebalanceInterval });
    public TuningParameters WithLeastShardAllocationRebalanceThreshold(int leastShardAllocationRebalanceThreshold) =>
        new(Own with { Threshold = leastShardAllocationRebalanceThreshold });
    public TuningParameters WithLeastShardAllocationMaxSimultaneousRebalance(int leastShardAllocationMaxSimultaneousRebalance) =>
        new(Own with { MaxSimultaneous = leastShardAllocationMaxSimultaneousRebalance });
    public TuningParameters WithLeastShardAllocationAbsoluteLimit(int leastShardAllocationAbsoluteLimit) =>
        new(Own with { AbsoluteLimit = leastShardAllocationAbsoluteLimit });
    public TuningParameters WithLeastShardAllocationRelativeLimit(double leastShardAllocationRelativeLimit) =>
        new(Own with { RelativeLimit = leastShardAllocationRelativeLimit });

    internal static TuningParameters From(Config sharding)
    {
        var least = sharding.GetConfig("least-shard-allocation-strategy")!;
        return new(new Values(sharding.GetTimeSpan("coordinator-failure-backoff"), sharding.GetTimeSpan("retry-interval"),
            sharding.GetInt("buffer-size"), sharding.GetTimeSpan("handoff-timeout"), sharding.GetTimeSpan("shard-start-timeout"),
            sharding.GetTimeSpan("rebalance-interval"), least.GetInt("rebalance-threshold"),
            least.GetInt("max-simultaneous-rebalance"), least.GetInt("rebalance-absolute-limit"),
            least.GetDouble("rebalance-relative-limit"), sharding.GetTimeSpan("region-registration-timeout")));
    }

    private Values Own => new(CoordinatorFailureBackoff, RetryInterval, BufferSize, HandOffTimeout, ShardStartTimeout,
        RebalanceInterval, LeastShardAllocationRebalanceThreshold, LeastShardAllocationMaxSimultaneousRebalance,
        LeastShardAllocationAbsoluteLimit, LeastShardAllocationRelativeLimit, RegionRegistrationTimeout);

    private static void Positive(TimeSpan value, string key)
    {
        if (value <= TimeSpan.Zero) throw new ConfigurationException($"akka.cluster.sharding.{key} must be positive");
    }

    private sealed record Values(TimeSpan CoordinatorFailureBackoff, TimeSpan RetryInterval, int BufferSize,
        TimeSpan HandOffTimeout, TimeSpan ShardStartTimeout, TimeSpan RebalanceInterval, int Threshold, int MaxSimultaneous,
        int AbsoluteLimit, double RelativeLimit, TimeSpan RegionRegistrationTimeout);
}
