using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.Kafka.Offsets;

/// <summary>Asking replicas what is not on the hot path.</summary>
internal static class ReplicaAsking
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The replica's answer, or <paramref name="failed"/> where the partition is not here or says nothing in time.
    /// </summary>
    public static async Task<T> AskAsync<T>(
        this LocalReplicas replicas, string topic, int partition, object question, Func<ErrorCode, T> failed, int timeoutMs = 0)
    {
        if (!replicas.TryFind(topic, partition, out var replica)) return failed(ErrorCode.UnknownTopicOrPartition);
        if (!replicas.Lease.IsHeld) return failed(ErrorCode.NotLeaderOrFollower);
        try
        {
            var timeout = timeoutMs > 0
                ? TimeSpan.FromMilliseconds(Math.Min(timeoutMs, DefaultTimeout.TotalMilliseconds)) : DefaultTimeout;
            return await replica.Actor.Ask<T>(question, timeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return failed(ErrorCode.RequestTimedOut);
        }
    }
}
