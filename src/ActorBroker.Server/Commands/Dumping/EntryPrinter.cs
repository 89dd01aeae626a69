using System.Globalization;
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
            output.Result(new { offset = entry.LastOffset.Value, position = entry.Position }, Text($"offset: {entry.LastOffset} position: {entry.Position}"));
        return AgreesWithLog(file);
    }

    /// <returns><c>false</c>: the segment beside it contradicts an entry.</returns>
    public bool WriteTimes(string file)
    {
        foreach (var entry in SegmentDump.TimeEntries(_files, file))
            output.Result(new { timestamp = entry.TimestampMs, offset = entry.Offset.Value }, Text($"timestamp: {entry.TimestampMs} offset: {entry.Offset}"));
        return AgreesWithLog(file);
    }

    public bool WriteTransactions(string file)
    {
        foreach (var t in SegmentDump.AbortedTransactions(_files, file))
            output.Result(
                new { producerId = t.ProducerId, firstOffset = t.FirstOffset.Value, lastOffset = t.LastOffset.Value, lastStableOffset = t.LastStableOffset.Value },
                Text($"producerId: {t.ProducerId} firstOffset: {t.FirstOffset} lastOffset: {t.LastOffset} lastStableOffset: {t.LastStableOffset}"));
        return true;
    }

    /// <returns><c>false</c>: the file is damaged.</returns>
    public bool WriteProducers(string file)
    {
        if (!ProducerSnapshot.TryRead(File.ReadAllBytes(file), out var producers))
        {
            output.Result(new { broken = true }, "The file is torn, damaged, or of another version");
            return false;
        }
        foreach (var p in producers)
            output.Result(
                new
                {
                    producerId = p.ProducerId, producerEpoch = p.ProducerEpoch, lastSequence = p.LastSequence, lastOffset = p.LastOffset.Value,
                    offsetDelta = p.OffsetDelta, lastTimestamp = p.TimestampMs, coordinatorEpoch = p.CoordinatorEpoch, currentTxnFirstOffset = p.OpenTransaction.Value,
                },
                Text($"producerId: {p.ProducerId} producerEpoch: {p.ProducerEpoch} coordinatorEpoch: {p.CoordinatorEpoch} ")
                + Text($"currentTxnFirstOffset: {p.OpenTransaction} lastTimestamp: {p.TimestampMs} ")
                + Text($"lastSequence: {p.LastSequence} lastOffset: {p.LastOffset} offsetDelta: {p.OffsetDelta}"));
        return true;
    }

    private bool AgreesWithLog(string file)
    {
        var log = Path.ChangeExtension(file, ".log");
        if (!File.Exists(log)) return true;
        var mismatches = SegmentDump.VerifyIndexes(_files, log).Where(m => m.Path == file).ToList();
        foreach (var mismatch in mismatches) output.Result(new { mismatch = mismatch.Entry }, $"mismatch: the log has no batch for {mismatch.Entry}");
        return mismatches.Count == 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
