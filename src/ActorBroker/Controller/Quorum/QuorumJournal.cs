using System.Collections.Immutable;
using ActorBroker.Journal.Persistence;
using ActorBroker.Protocol.Records;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorBroker.Controller.Quorum;

/// <summary>
/// Akka.Persistence's journal on the voters of the quorum, <c>akka.persistence.journal.quorum</c>. An atomic write is one entry,
/// as a record batch; it counts as stored when a majority of the voters have flushed it. Only the controller may use it: it holds
/// the events of one actor, in the process whose proposer was elected.
/// </summary>
internal sealed class QuorumJournal : AsyncWriteJournal
{
    private readonly QuorumPersistence _quorum = QuorumPersistence.Get(Context.System);
    private readonly PayloadCodec _payloads = new((ExtendedActorSystem)Context.System);
    private readonly IScheduler _scheduler = Context.System.Scheduler;

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        var won = await _quorum.Current.Won.ConfigureAwait(false);
        return QuorumSession.LastSequenceNrOf(won);
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        var won = await _quorum.Current.Won.ConfigureAwait(false);
        foreach (var entry in won.Entries)
        {
            if (!entry.IsEvent || QuorumSession.SequenceNrOf(entry.Event) < fromSequenceNr) continue;
            using var records = RecordBatchReader.Open(QuorumSession.ContentOf(entry.Event).Span, int.MaxValue);
            foreach (var record in records)
            {
                var sequenceNr = JournalRecord.SequenceNrOf(record);
                if (sequenceNr < fromSequenceNr) continue;
                if (sequenceNr > toSequenceNr || max-- <= 0) return;
                recoveryCallback(JournalRecord.ReadEvent(record, _payloads));
            }
        }
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var session = _quorum.Current;
        var nowMs = _scheduler.Now.ToUnixTimeMilliseconds();
        var appends = new List<Task>();
        var rejections = ImmutableList.CreateBuilder<Exception?>();
        foreach (var write in messages)
        {
            try
            {
                var events = (IEnumerable<IPersistentRepresentation>)write.Payload;
                appends.Add(session.AppendAsync(
                    write.LowestSequenceNr, write.HighestSequenceNr, JournalRecord.EventBatch(events, _payloads, nowMs)));
                rejections.Add(null);
            }
            catch (Exception e) // Of any kind: what can't be encoded is refused alone, as the contract of plugins has it.
            {
                rejections.Add(e);
            }
        }
        await Task.WhenAll(appends).ConfigureAwait(false);
        return appends.Count == rejections.Count ? null : rejections.ToImmutable();
    }

    /// <summary>Events go when a snapshot takes their place, never before.</summary>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => Task.CompletedTask;
}
