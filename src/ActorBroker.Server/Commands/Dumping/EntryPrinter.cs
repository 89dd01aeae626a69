using ActorBroker.Journal.Files;
using ActorBroker.Journal.Inspection;
using ActorBroker.Journal.Producers;

namespace ActorBroker.Server.Commands.Dumping;

/// <summary>Writes out the entries of a segment's smaller files.</summary>
internal sealed class EntryPrinter(Output output)
{
    private readonly PhysicalFileSystem _files = PhysicalFileSystem.Instance;

    /// <returns><c>false</c>: the segment beside it contradicts an entry.</returns>
    public bool WriteOffsets(string file)
    {
        foreach (var entry in SegmentDump.OffsetEntries(_files, file))
            output.Fields("", ("offset", entry.LastOffset.Value), ("position", entry.Position));
        return AgreesWithLog(file);
    }

    /// <returns><c>false</c>: the segment beside it contradicts an entry.</returns>
    public bool WriteTimes(string file)
    {
        foreach (var entry in SegmentDump.TimeEntries(_files, file))
            output.Fields("", ("timestamp", entry.TimestampMs), ("offset", entry.Offset.Value));
        return AgreesWithLog(file);
    }

    public bool WriteTransactions(string file)
    {
        foreach (var aborted in SegmentDump.AbortedTransactions(_files, file))
            output.Fields(
                "",
                ("producerId", aborted.ProducerId),
                ("firstOffset", aborted.FirstOffset.Value),
                ("lastOffset", aborted.LastOffset.Value),
                ("lastStableOffset", aborted.LastStableOffset.Value));
        return true;
    }

    /// <returns><c>false</c>: the file is damaged.</returns>
    public bool WriteProducers(string file)
    {
        if (!ProducerSnapshot.TryRead(File.ReadAllBytes(file), out var producers))
        {
            output.Fields("", ("error", "The file is torn, damaged, or of another version"));
            return false;
        }
        foreach (var producer in producers)
            output.Fields(
                "",
                ("producerId", producer.ProducerId),
                ("producerEpoch", producer.ProducerEpoch),
                ("coordinatorEpoch", producer.CoordinatorEpoch),
                ("currentTxnFirstOffset", producer.OpenTransaction.Value),
                ("lastTimestamp", producer.TimestampMs),
                ("lastSequence", producer.LastSequence),
                ("lastOffset", producer.LastOffset.Value),
                ("offsetDelta", producer.OffsetDelta));
        return true;
    }

    private bool AgreesWithLog(string file)
    {
        var log = Path.ChangeExtension(file, ".log");
        if (!File.Exists(log)) return true;
        var mismatches = SegmentDump.VerifyIndexes(_files, log).Where(m => m.Path == file).ToList();
        foreach (var mismatch in mismatches) output.Fields("", ("mismatch", $"the log has no batch for {mismatch.Entry}"));
        return mismatches.Count == 0;
    }
}
