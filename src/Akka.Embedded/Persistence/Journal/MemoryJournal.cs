using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>A journal in memory (<c>akka.persistence.journal.inmem</c>): its events are gone with the actor system.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, Stream> _streams = new();

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var persistent in StreamOf(persistenceId).Events)
        {
            if (max <= 0 || persistent.SequenceNr > toSequenceNr) break;
            if (persistent.SequenceNr < fromSequenceNr) continue;
            recoveryCallback(persistent);
            max--;
        }

        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(StreamOf(persistenceId).HighestSequenceNr);

    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages)
        {
            _streams.AddOrUpdate(
                write.PersistenceId,
                static (_, added) => Stream.Empty.With(added),
                static (_, stream, added) => stream.With(added),
                write);
        }

        return Task.FromResult<IImmutableList<Exception?>?>(null);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        _streams.AddOrUpdate(
            persistenceId,
            static (_, _) => Stream.Empty,
            static (_, stream, to) => stream with { Events = stream.Events.RemoveAll(persistent => persistent.SequenceNr <= to) },
            toSequenceNr);
        return Task.CompletedTask;
    }

    private Stream StreamOf(string persistenceId) => _streams.GetValueOrDefault(persistenceId, Stream.Empty);

    /// <summary>The events of one actor, replaced as a whole so that a replay on another thread sees one state.</summary>
    private sealed record Stream(ImmutableList<IPersistentRepresentation> Events, long HighestSequenceNr)
    {
        public static readonly Stream Empty = new([], 0L);

        public Stream With(AtomicWrite write) =>
            new(Events.AddRange(write.Events), Math.Max(HighestSequenceNr, write.HighestSequenceNr));
    }
}
