using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// Akka.Persistence's journal on the segment journal, <c>akka.persistence.journal.segment</c>. An atomic write is one record
/// batch, so its CRC makes it all or nothing; it counts as stored when it is flushed. What cannot be serialized is rejected, what
/// the disk refuses fails.
/// </summary>
public sealed class SegmentJournal : AsyncWriteJournal
{
    private readonly EventStore _store;
    private readonly PayloadCodec _payloads;
    private readonly IScheduler _scheduler;

    public SegmentJournal(Config config)
    {
        var system = Context.System;
        _scheduler = system.Scheduler;
        _payloads = new PayloadCodec((ExtendedActorSystem)system);
        var options = new EventLogOptions(
            config.GetString("dir")
                ?? throw new ConfigurationException($"{SegmentPersistence.JournalId}.dir: a folder is needed"),
            config.GetByteSize("segment-bytes") is { } bytes and >= 1024 and <= int.MaxValue
                ? (int)bytes
                : throw new ConfigurationException($"{SegmentPersistence.JournalId}.segment-bytes: 1 KiB to 2 GiB"),
            config.GetBoolean("flush"));
        _store = new EventStore(
            SegmentPersistence.Get(system).Files, options, () => NowMs, Context.Dispatcher,
            new ActorLogger(system, typeof(SegmentJournal)));
    }

    private long NowMs => _scheduler.Now.ToUnixTimeMilliseconds();

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        _store.HighestSequenceNrAsync(persistenceId);

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        _store.ReplayAsync(persistenceId, fromSequenceNr, toSequenceNr, max, _payloads, recoveryCallback);

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var batches = new List<byte[]>();
        var rejections = ImmutableList.CreateBuilder<Exception?>();
        foreach (var write in messages)
        {
            try
            {
                batches.Add(JournalRecord.EventBatch((IEnumerable<IPersistentRepresentation>)write.Payload, _payloads, NowMs));
                rejections.Add(null);
            }
            catch (Exception e)
            {
                rejections.Add(e);
            }
        }
        if (batches.Count > 0) await _store.AppendAsync(batches).ConfigureAwait(false);
        return batches.Count == rejections.Count ? null : rejections.ToImmutable();
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        _store.DeleteToAsync(persistenceId, toSequenceNr);

    protected override void PostStop()
    {
        _store.Dispose();
        base.PostStop();
    }
}
