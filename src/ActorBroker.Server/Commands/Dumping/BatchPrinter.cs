using System.Globalization;
using System.Text;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Inspection;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Commands.Dumping;

/// <summary>Writes out a segment's batches, and on request their records.</summary>
internal sealed class BatchPrinter(Output output, DumpOptions options)
{
    private const int MaxDecompressedBytes = 512 << 20;

    /// <returns><c>false</c>: the file has bytes that are no batch, or a batch is damaged.</returns>
    public bool Write(string file)
    {
        var isSound = true;
        foreach (var batch in SegmentDump.Batches(PhysicalFileSystem.Instance, file))
        {
            if (batch.Bytes.Length == 0) output.Result(new { position = batch.Position, broken = true }, Text($"position: {batch.Position} no whole batch is here"));
            else isSound &= WriteBatch(batch);
            isSound &= batch.IsValid;
        }
        return isSound;
    }

    private bool WriteBatch(DumpedBatch batch)
    {
        var header = batch.Header;
        var attributes = header.Attributes;
        output.Result(
            new
            {
                baseOffset = header.BaseOffset.Value, lastOffset = header.LastOffset.Value, count = header.RecordCount,
                baseSequence = header.BaseSequence, lastSequence = header.LastSequence, producerId = header.ProducerId, producerEpoch = header.ProducerEpoch,
                partitionLeaderEpoch = header.LeaderEpoch.Value, isTransactional = attributes.IsTransactional, isControl = attributes.IsControl,
                position = batch.Position, timestampType = attributes.TimestampType.ToString(), maxTimestamp = header.MaxTimestampMs,
                size = batch.Bytes.Length, magic = header.Magic, codec = CodecOf(header), crc = header.Crc, isValid = batch.IsValid,
            },
            Text($"baseOffset: {header.BaseOffset} lastOffset: {header.LastOffset} count: {header.RecordCount} ")
            + Text($"baseSequence: {header.BaseSequence} lastSequence: {header.LastSequence} producerId: {header.ProducerId} producerEpoch: {header.ProducerEpoch} ")
            + Text($"partitionLeaderEpoch: {header.LeaderEpoch} isTransactional: {Lower(attributes.IsTransactional)} isControl: {Lower(attributes.IsControl)} ")
            + Text($"position: {batch.Position} {attributes.TimestampType}: {header.MaxTimestampMs} size: {batch.Bytes.Length} magic: {header.Magic} ")
            + Text($"compresscodec: {CodecOf(header)} crc: {header.Crc} isvalid: {Lower(batch.IsValid)}"));
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
            output.Result(new { broken = true, error = e.Message }, $"| {e.Message}");
            return false;
        }
    }

    private void WriteRecord(in RecordView record, in RecordBatchHeader batch)
    {
        var headerKeys = new List<string>();
        foreach (var header in record.Headers) headerKeys.Add(Encoding.UTF8.GetString(header.Key));
        var sequence = batch.BaseSequence < 0 ? -1 : (int)((batch.BaseSequence + (long)record.OffsetDelta) & int.MaxValue);
        var (key, value) = options.Data ? Data(record, batch.Attributes.IsControl) : (null, null);
        var keySize = record.HasKey ? record.Key.Length : -1;
        var valueSize = record.HasValue ? record.Value.Length : -1;
        if (output.IsJson)
        {
            output.Json(new { offset = record.Offset.Value, timestamp = record.TimestampMs, keySize, valueSize, sequence, headerKeys, key, payload = value });
            return;
        }
        output.Line(
            Text($"| offset: {record.Offset} {batch.Attributes.TimestampType}: {record.TimestampMs} keySize: {keySize} valueSize: {valueSize} ")
            + Text($"sequence: {sequence} headerKeys: [{string.Join(',', headerKeys)}]")
            + (key is null ? "" : $" key: {key}") + (value is null ? "" : $" payload: {value}"));
    }

    private (string? Key, string? Value) Data(in RecordView record, bool isControl)
    {
        if (isControl)
            return (ControlRecord.TryRead(record, out var control) ? Text($"endTxnMarker: {control.Type} coordinatorEpoch: {control.CoordinatorEpoch}") : "control", null);
        if (options.DecodeOffsets) return DecodeOffsets(record);
        return (record.HasKey ? Encoding.UTF8.GetString(record.Key) : null, record.HasValue ? Encoding.UTF8.GetString(record.Value) : null);
    }

    private static (string? Key, string? Value) DecodeOffsets(in RecordView record)
    {
        try
        {
            return OffsetsRecordCodec.Read(record.Key, record.Value, record.HasValue) switch
            {
                OffsetsRecord.OffsetCommitted it => (Text($"offset_commit::group={it.Group},partition={it.Partition}"),
                    Text($"offset={it.Offset.Offset},leaderEpoch={it.Offset.LeaderEpoch},metadata={it.Offset.Metadata},committed={it.Offset.CommittedAt:O}")),
                OffsetsRecord.OffsetForgotten it => (Text($"offset_commit::group={it.Group},partition={it.Partition}"), "<DELETE>"),
                OffsetsRecord.GroupStored it => (Text($"group_metadata::group={it.Group}"),
                    Text($"protocolType={it.Metadata.ProtocolType},generation={it.Metadata.Generation},protocol={it.Metadata.Protocol},members=[{string.Join(',', it.Metadata.Members.Select(m => m.MemberId))}]")),
                OffsetsRecord.GroupForgotten it => (Text($"group_metadata::group={it.Group}"), "<DELETE>"),
                _ => ("unknown::" + Convert.ToHexString(record.Key), Convert.ToHexString(record.Value)),
            };
        }
        catch (WireException e)
        {
            return ($"undecodable: {e.Message}", null);
        }
    }

    private static string CodecOf(in RecordBatchHeader header) => header.Attributes.Codec.ToString().ToLowerInvariant();

    private static string Lower(bool value) => value ? "true" : "false";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
