using System.Globalization;
using ActorBroker.Journal.Producers;

namespace ActorBroker.Server.Commands.Dumping;

/// <summary>Writes out a snapshot of a log's producers.</summary>
internal static class SnapshotDump
{
    /// <returns><c>false</c>: the file is damaged.</returns>
    public static bool Write(Output output, string file)
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
                string.Create(CultureInfo.InvariantCulture, $"producerId: {p.ProducerId} producerEpoch: {p.ProducerEpoch} coordinatorEpoch: {p.CoordinatorEpoch} ")
                + string.Create(CultureInfo.InvariantCulture, $"currentTxnFirstOffset: {p.OpenTransaction} lastTimestamp: {p.TimestampMs} ")
                + string.Create(CultureInfo.InvariantCulture, $"lastSequence: {p.LastSequence} lastOffset: {p.LastOffset} offsetDelta: {p.OffsetDelta}"));
        return true;
    }
}
