using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>What <see cref="ReplicaState"/> asks its shell to do.</summary>
public enum ReplicaEffectKind : byte
{
    /// <summary>
    /// Answer the parked produce <see cref="ReplicaEffect.To"/> with <see cref="ReplicaEffect.Error"/>, once and for all.
    /// </summary>
    AnswerProduce,

    /// <summary>Tell the waiting fetch <see cref="ReplicaEffect.To"/> that <see cref="ReplicaEffect.Bytes"/> more can be read.
    /// It keeps waiting until it is taken back.</summary>
    FetchProgress,

    /// <summary>Tell the waiting fetch <see cref="ReplicaEffect.To"/> to read again now: the role, the epoch or the log's start
    /// changed. It no longer waits.</summary>
    FetchAgain,
}

/// <summary>One effect; see its kind for which fields count.</summary>
public readonly record struct ReplicaEffect(ReplicaEffectKind Kind, Ticket To, ErrorCode Error, long Bytes);
