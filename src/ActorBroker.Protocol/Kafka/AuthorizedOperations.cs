namespace ActorBroker.Protocol.Kafka;

/// <summary>Bit field of what the asker may do with a topic, group or cluster (KIP-430).</summary>
public static class AuthorizedOperations
{
    /// <summary>The value where nobody asked.</summary>
    public const int NotRequested = int.MinValue;

    /// <summary>Read, write, create, delete, alter, describe, describe and alter configs.</summary>
    public const int AllOfTopic = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11;

    /// <summary>Read, delete, describe.</summary>
    public const int AllOfGroup = 1 << 3 | 1 << 6 | 1 << 8;

    /// <summary>Create, alter, describe, cluster action, describe and alter configs, idempotent write.</summary>
    public const int AllOfCluster = 1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;
}
