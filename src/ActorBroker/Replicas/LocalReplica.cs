using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using Akka.Actor;

namespace ActorBroker.Replicas;

/// <summary>What connections need of a replica on this broker to reach it without asking anybody.</summary>
internal sealed class LocalReplica(TopicPartition partition, TopicId topic, IActorRef actor, TopicRecordRules rules)
{
    private TopicRecordRules _rules = rules;
    private volatile bool _isOffline;

    public TopicPartition Partition { get; } = partition;

    public TopicId Topic { get; } = topic;

    /// <summary>Kept by the broker for its own use: clients may read it, not write it.</summary>
    public bool IsInternal { get; } = partition.Topic is TopicImage.ConsumerOffsets or TopicImage.TransactionState;

    public IActorRef Actor { get; } = actor;

    /// <summary>Its storage failed; it answers everybody so.</summary>
    public bool IsOffline
    {
        get => _isOffline;
        set => _isOffline = value;
    }

    /// <summary>What the topic's configuration demands of batches; replaced when that changes.</summary>
    public TopicRecordRules Rules
    {
        get => Volatile.Read(ref _rules);
        set => Volatile.Write(ref _rules, value);
    }
}
