using System.Buffers;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.Groups;

/// <summary>Reads a partition of <c>__consumer_offsets</c> from start to end, a buffer at a time, tells the parent what it
/// found, and is done. It reads what is not committed too, as a new leader can't know yet that it is, but is done only when all of
/// it is committed: another leader may be without it, and offsets that somebody was told must not go back. The replica says where
/// the records lie. Reading blocks, so this runs on <c>log-dispatcher</c>.</summary>
internal sealed class OffsetsLoader : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly LocalReplica _log;
    private readonly GroupsEnvironment _environment;
    private readonly StoredGroups _groups = new();
    private readonly Read _read;
    private long _records;

    /// <summary>To the parent.</summary>
    public sealed record Loaded(StoredGroups Groups, long Records);

    /// <summary>To the parent.</summary>
    public sealed record Failed(ErrorCode Error, Exception? Cause);

    public static Props Props(LocalReplica log, GroupsEnvironment environment) =>
        Akka.Actor.Props.Create(() => new OffsetsLoader(log, environment)).WithDispatcher(ReplicaDispatchers.Log);

    public OffsetsLoader(LocalReplica log, GroupsEnvironment environment)
    {
        (_log, _environment) = (log, environment);
        _read = new Read(Self) { From = Offset.Zero, MaxBytes = environment.LoadBufferBytes, MinOneBatch = true, ToLogEnd = true };
        Receive<Read>(On);
        Receive<Again>(_ => _log.Actor.Tell(_read));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private sealed record Again
    {
        public static readonly Again Instance = new();
    }

    protected override void PreStart() => _log.Actor.Tell(_read);

    protected override void PostStop() => _read.Release();

    private void On(Read read)
    {
        if (read.Error is ErrorCode.OffsetOutOfRange && read.From < read.LogStart)
        {
            // The log begins later than at 0: old segments were deleted.
            read.From = read.LogStart;
            _log.Actor.Tell(read);
            return;
        }
        try
        {
            if (read is { Error: ErrorCode.None, Range: { IsEmpty: false } range })
            {
                Apply(range);
                read.Release();
                _log.Actor.Tell(read);
                return;
            }
            if (read.Error is ErrorCode.None && read.HighWatermark < read.From)
            {
                Timers.StartSingleTimer(Again.Instance, Again.Instance, LookAgain);
                return;
            }
            Context.Parent.Tell(read.Error is ErrorCode.None ? new Loaded(_groups, _records) : new Failed(read.Error, null));
        }
        catch (Exception e)
        {
            Context.Parent.Tell(new Failed(ErrorCode.KafkaStorageError, e));
        }
        Context.Stop(Self);
    }

    private void Apply(LogRange range)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(range.LengthBytes);
        try
        {
            var bytes = range.Read(buffer.AsSpan(0, range.LengthBytes));
            foreach (var batch in new RecordBatches(buffer.AsSpan(0, bytes))) Apply(batch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Apply(RecordBatchSlice batch)
    {
        _read.From = batch.Header.NextOffset;
        if (batch.Header.Attributes.IsControl) return;
        using var records = RecordBatchReader.Open(batch.Bytes, maxDecompressedBytes: int.MaxValue);
        foreach (var record in records)
        {
            _records++;
            try
            {
                if (OffsetsRecordCodec.Read(record.Key, record.Value, record.HasValue) is { } known) _groups.Apply(known);
            }
            catch (WireException e)
            {
                // The batch's checksum is right, so someone wrote this. The rest of the partition must not suffer for it.
                Log.UnreadableRecord(_environment.Log, e, _log.Partition, record.Offset);
            }
        }
    }

    /// <summary>Comes back to the loader as a message.</summary>
    private sealed class Read(IActorRef loader) : ReadRequest
    {
        protected override void Answered() => loader.Tell(this);

        public override void Progress(long bytes) => throw new InvalidOperationException("A loader does not wait for more.");
    }
}
