using System.Text;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Inspection;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Commands.Dumping;

/// <summary>Writes out a segment's batches, and on request their records, with the names of kafka-dump-log.</summary>
internal sealed class BatchPrinter(Output output, DumpOptions options)
{
    private const int MaxDecompressedBytes = 512 << 20;

    /// <returns><c>false</c>: the file has bytes that are no batch, or a batch is damaged.</returns>
    public bool Write(string file)
    {
        var isSound = true;
        foreach (var batch in SegmentDump.Batches(PhysicalFileSystem.Instance, file))
        {
            if (batch.Bytes.Length == 0) output.Fields("", ("position", batch.Position), ("error", "no whole batch is here"));
            else isSound &= WriteBatch(batch);
            isSound &= batch.IsValid;
        }
        return isSound;
    }

    private bool WriteBatch(DumpedBatch batch)
    {
        var header = batch.Header;
        output.Fields(
            "",
            ("baseOffset", header.BaseOffset.Value),
            ("lastOffset", header.LastOffset.Value),
            ("count", header.RecordCount),
            ("baseSequence", header.BaseSequence),
            ("lastSequence", header.LastSequence),
            ("producerId", header.ProducerId),
            ("producerEpoch", header.ProducerEpoch),
            ("partitionLeaderEpoch", header.LeaderEpoch.Value),
            ("isTransactional", header.Attributes.IsTransactional),
            ("isControl", header.Attributes.IsControl),
            ("position", batch.Position),
            (header.Attributes.TimestampType.ToString(), header.MaxTimestampMs),
            ("size", batch.Bytes.Length),
            ("magic", header.Magic),
            ("compresscodec", header.Attributes.Codec.ToString().ToLowerInvariant()),
            ("crc", header.Crc),
            ("isvalid", batch.IsValid));
        return !batch.IsValid || !options.Records || WriteRecords(batch.Bytes);
    }

    private bool WriteRecords(byte[] batch)
    {
        try
        {
            using var records = RecordBatchReader.Open(batch, MaxDecompressedBytes);
            foreach (var record in records) WriteRecord(record, records.Header);
            return true;
        }
        catch (RecordFormatException e)
        {
            output.Fields("| ", ("error", e.Message));
            return false;
        }
    }

    private void WriteRecord(in RecordView record, in RecordBatchHeader batch)
    {
        var headerKeys = new List<string>();
        foreach (var header in record.Headers) headerKeys.Add(Encoding.UTF8.GetString(header.Key));
        var sequence = batch.BaseSequence < 0 ? -1 : (int)((batch.BaseSequence + (long)record.OffsetDelta) & int.MaxValue);
        var (key, value) = options.Data ? Data(record, batch.Attributes.IsControl) : (null, null);
        output.Fields(
            "| ",
            ("offset", record.Offset.Value),
            (batch.Attributes.TimestampType.ToString(), record.TimestampMs),
            ("keySize", record.HasKey ? record.Key.Length : -1),
            ("valueSize", record.HasValue ? record.Value.Length : -1),
            ("sequence", sequence),
            ("headerKeys", headerKeys),
            ("key", key),
            ("payload", value));
    }

    private (string? Key, string? Value) Data(in RecordView record, bool isControl)
    {
        if (isControl)
            return (ControlRecord.TryRead(record, out var control) ? $"endTxnMarker: {control.Type}" : "control", null);
        if (options.DecodeOffsets) return OffsetsText.Of(record);
        return (
            record.HasKey ? Encoding.UTF8.GetString(record.Key) : null,
            record.HasValue ? Encoding.UTF8.GetString(record.Value) : null);
    }
}
