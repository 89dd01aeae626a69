using System.Text;
using ActorBroker.Protocol.Records;
using Akka.Persistence;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// The records of the journal's log. The key is the persistence id; the value starts with a version and a kind, and is written as
/// <see cref="BinaryWriter"/> does. An atomic write is one batch of events; a state is a batch of its own and says what an
/// actor's events alone cannot: which of them are deleted, and the highest sequence number ever used.
/// </summary>
public static class JournalRecord
{
    private const byte Version = 1;

    public enum Kind : byte
    {
        Event = 0,
        State = 1,
    }

    /// <summary>One batch with all events of an atomic write.</summary>
    /// <exception cref="Exception">Whatever a serializer throws: the write is rejected.</exception>
    public static byte[] EventBatch(IEnumerable<IPersistentRepresentation> events, PayloadCodec payloads, long nowMs)
    {
        using var batch = new RecordBatchBuilder();
        foreach (var persistent in events)
            Append(batch, persistent.PersistenceId, Kind.Event, nowMs, to =>
            {
                to.Write(persistent.SequenceNr);
                to.Write(persistent.Timestamp);
                to.Write(persistent.Manifest ?? "");
                to.Write(persistent.WriterGuid ?? "");
                payloads.Write(to, persistent.Payload);
            });
        return batch.Build();
    }

    public static byte[] StateBatch(string persistenceId, EventStreamState state, long nowMs)
    {
        using var batch = new RecordBatchBuilder();
        Append(batch, persistenceId, Kind.State, nowMs, to =>
        {
            to.Write(state.HighestSequenceNr);
            to.Write(state.DeletedTo);
        });
        return batch.Build();
    }

    public static (string PersistenceId, Kind Kind) Identify(RecordView record) =>
        (Encoding.UTF8.GetString(record.Key), (Kind)record.Value[1]);

    /// <summary>The sequence number of an event, without the rest.</summary>
    public static long SequenceNrOf(RecordView record)
    {
        using var from = Open(record);
        return from.ReadInt64();
    }

    public static EventStreamState ReadState(RecordView record)
    {
        using var from = Open(record);
        return new(from.ReadInt64(), from.ReadInt64());
    }

    public static Persistent ReadEvent(RecordView record, PayloadCodec payloads)
    {
        var persistenceId = Encoding.UTF8.GetString(record.Key);
        using var from = Open(record);
        var sequenceNr = from.ReadInt64();
        var timestamp = from.ReadInt64();
        var manifest = from.ReadString();
        var writerGuid = from.ReadString();
        return new Persistent(
            payloads.Read(from), sequenceNr, persistenceId, manifest, isDeleted: false, sender: null, writerGuid, timestamp);
    }

    /// <summary>Exactly one batch, as it was written.</summary>
    public static bool IsWholeBatch(ReadOnlySpan<byte> bytes) =>
        RecordBatchHeader.TryRead(bytes, out var header)
        && header.TotalBytes == bytes.Length && header.Crc == RecordBatchHeader.ComputeCrc(bytes);

    private static void Append(RecordBatchBuilder batch, string persistenceId, Kind kind, long nowMs, Action<BinaryWriter> write)
    {
        using var value = new MemoryStream();
        using var to = new BinaryWriter(value);
        to.Write(Version);
        to.Write((byte)kind);
        write(to);
        to.Flush();
        batch.Append(nowMs, Encoding.UTF8.GetBytes(persistenceId), value.ToArray());
    }

    private static BinaryReader Open(RecordView record)
    {
        var from = new BinaryReader(new MemoryStream(record.Value.ToArray(), writable: false));
        var version = from.ReadByte();
        if (version != Version)
            throw new InvalidDataException(
                $"Record {record.Offset} of the journal has version {version}; this program reads {Version}.");
        from.ReadByte();
        return from;
    }
}

/// <summary>What is known of an actor's events besides themselves.</summary>
/// <param name="DeletedTo">Events up to here are deleted, inclusive.</param>
public readonly record struct EventStreamState(long HighestSequenceNr, long DeletedTo);
