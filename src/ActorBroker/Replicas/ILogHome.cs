using ActorBroker.Journal;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>The data directories as replicas see them. All calls may block: they are made on <c>log-dispatcher</c>.</summary>
internal interface ILogHome
{
    /// <summary>Opens the partition's log, in the directory that has it, or makes it in the one with the most room.</summary>
    /// <exception cref="Journal.Files.LogStorageException">The disk does not allow it.</exception>
    PartitionLog Open(TopicPartition partition, TopicId topic, LogConfig config);

    /// <summary>Hears why something failed, and says whether the directory that the partition is in has failed as a whole:
    /// nothing of it can be used until the broker starts again.</summary>
    bool IsOffline(TopicPartition partition, Exception cause) => false;

    /// <summary>Closes a log that <see cref="Open"/> gave, and takes note of how far it is flushed.</summary>
    void Close(PartitionLog log);

    /// <summary>Deletes the directory of a partition, if there is one. Its log is closed, or could not be opened.</summary>
    void Delete(TopicPartition partition, TopicId topic);
}
