using System.Collections.Concurrent;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Replicas;

/// <summary>Logs on a disk in memory that does what the test wants.</summary>
internal sealed class MemoryLogHome : ILogHome
{
    public FaultyFileSystem Disk { get; } = new(TimeProvider.System);

    public Exception? FailOpen { get; set; }

    /// <summary>Opening waits for it.</summary>
    public ManualResetEventSlim MayOpen { get; } = new(initialState: true);

    /// <summary>All logs that were opened, oldest first.</summary>
    public ConcurrentQueue<PartitionLog> Opened { get; } = [];

    public PartitionLog Open(TopicPartition partition, TopicId topic, LogConfig config)
    {
        MayOpen.Wait();
        if (FailOpen is not null) throw FailOpen;
        var place = new LogPlace(Disk, "/data/" + partition, partition, topic);
        var log = PartitionLog.Open(place, config, LogStart.Unknown, 0, NullLogger.Instance);
        Opened.Enqueue(log);
        return log;
    }

    public void Close(PartitionLog log) => log.Close(clean: true);

    public void Delete(TopicPartition partition, TopicId topic) => Disk.DeleteDirectory("/data/" + partition);
}
