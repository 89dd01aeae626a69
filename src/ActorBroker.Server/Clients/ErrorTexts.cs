using System.Text;
using ActorBroker.Protocol;

namespace ActorBroker.Server.Clients;

/// <summary>Kafka's error codes for people and for retries.</summary>
internal static class ErrorTexts
{
    /// <summary>Kafka's name: <c>UNKNOWN_TOPIC_OR_PARTITION</c>.</summary>
    public static string NameOf(ErrorCode code)
    {
        if (!Enum.IsDefined(code)) return "UNKNOWN_ERROR_CODE";
        var name = new StringBuilder();
        foreach (var letter in code.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }
        return name.ToString();
    }

    public static string SentenceOf(ErrorCode code) => code switch
    {
        ErrorCode.OffsetOutOfRange => "The offset is before the log's start or after its end.",
        ErrorCode.CorruptMessage => "The records were damaged on their way.",
        ErrorCode.UnknownTopicOrPartition => "This broker does not host the topic or partition.",
        ErrorCode.LeaderNotAvailable => "The partition has no leader just now.",
        ErrorCode.NotLeaderOrFollower => "This broker no longer leads the partition.",
        ErrorCode.RequestTimedOut => "The request was not done in time.",
        ErrorCode.MessageTooLarge => "The records exceed the topic's max.message.bytes.",
        ErrorCode.CoordinatorLoadInProgress => "The group's coordinator is loading its offsets.",
        ErrorCode.CoordinatorNotAvailable => "The group has no coordinator just now.",
        ErrorCode.NotCoordinator => "This broker does not coordinate the group.",
        ErrorCode.InvalidTopicException =>
            "A topic's name has 1 to 249 letters, digits, dots, underscores and hyphens, and is not . or ..",
        ErrorCode.NotEnoughReplicas => "Fewer replicas are in sync than min.insync.replicas asks for.",
        ErrorCode.IllegalGeneration => "The group has moved on to another generation.",
        ErrorCode.UnknownMemberId => "The coordinator does not know this member.",
        ErrorCode.RebalanceInProgress => "The group is rebalancing.",
        ErrorCode.TopicAlreadyExists => "A topic of this name exists.",
        ErrorCode.InvalidPartitions => "The number of partitions is not allowed.",
        ErrorCode.InvalidReplicationFactor => "The replication factor is below 1 or above the number of brokers.",
        ErrorCode.InvalidConfig => "A configuration key or value is not allowed.",
        ErrorCode.NotController => "This broker is not the controller.",
        ErrorCode.NonEmptyGroup => "The group still has members; stop them first.",
        ErrorCode.GroupIdNotFound => "There is no such group.",
        ErrorCode.UnsupportedVersion => "The broker does not speak a version of this request that this program knows.",
        _ => "The broker refused the request.",
    };

    public static bool IsRetriable(ErrorCode code) => code is
        ErrorCode.CorruptMessage or ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable
            or ErrorCode.NotLeaderOrFollower
        or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable or ErrorCode.ReplicaNotAvailable
        or ErrorCode.NetworkException
        or ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator
        or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.NotController
        or ErrorCode.KafkaStorageError
        or ErrorCode.ListenerNotFound or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch
        or ErrorCode.OffsetNotAvailable
        or ErrorCode.EligibleLeadersNotAvailable or ErrorCode.ThrottlingQuotaExceeded or ErrorCode.UnknownTopicId
        or ErrorCode.ConcurrentTransactions or ErrorCode.UnstableOffsetCommit;
}
