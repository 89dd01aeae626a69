using ActorBroker.Protocol;

namespace ActorBroker.Journal.Persistence;

/// <summary>An atomic write in the log.</summary>
internal readonly record struct EventBatch(Offset Offset, int Count, long FirstSequenceNr, long LastSequenceNr);

/// <summary>
/// Where each persistent actor's events lie in the log, rebuilt from it at each start. Pure; one owner.
/// </summary>
/// <remarks>
/// Events are kept in the order in which they were written: writers that overlap are told apart by Akka's replay filter.
/// </remarks>
internal sealed class JournalIndex
{
    private readonly Dictionary<string, EventStream> _streams = new(StringComparer.Ordinal);

    public EventStreamState StateOf(string persistenceId) =>
        _streams.TryGetValue(persistenceId, out var stream) ? stream.State : default;

    public void AddEvents(string persistenceId, EventBatch batch)
    {
        var stream = Stream(persistenceId);
        stream.State = stream.State with { HighestSequenceNr = Math.Max(stream.State.HighestSequenceNr, batch.LastSequenceNr) };
        if (batch.LastSequenceNr > stream.State.DeletedTo) stream.Batches.Add(batch);
    }

    public void SetState(string persistenceId, EventStreamState state, Offset offset)
    {
        var stream = Stream(persistenceId);
        stream.State = new(
            Math.Max(stream.State.HighestSequenceNr, state.HighestSequenceNr), Math.Max(stream.State.DeletedTo, state.DeletedTo));
        stream.StateOffset = offset;
        stream.Batches.RemoveAll(batch => batch.LastSequenceNr <= stream.State.DeletedTo);
    }

    /// <summary>The batches that hold events of the range; some of their events may lie outside.</summary>
    public List<EventBatch> Find(string persistenceId, long fromSequenceNr, long toSequenceNr) =>
        _streams.TryGetValue(persistenceId, out var stream)
            ? stream.Batches.FindAll(batch => batch.LastSequenceNr >= fromSequenceNr && batch.FirstSequenceNr <= toSequenceNr)
            : [];

    /// <summary>The first event that is not deleted; the log's end where there is none.</summary>
    public Offset FirstNeeded(Offset logEnd)
    {
        foreach (var stream in _streams.Values)
            foreach (var batch in stream.Batches) logEnd = Offset.Min(logEnd, batch.Offset);
        return logEnd;
    }

    /// <summary>The states that stand before an offset: they must be written again before the log may start there.</summary>
    public List<(string PersistenceId, EventStreamState State)> StatesBefore(Offset offset)
    {
        var found = new List<(string, EventStreamState)>();
        foreach (var (persistenceId, stream) in _streams)
            if (!stream.StateOffset.IsNone && stream.StateOffset < offset) found.Add((persistenceId, stream.State));
        return found;
    }

    private EventStream Stream(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream)) _streams[persistenceId] = stream = new EventStream();
        return stream;
    }

    private sealed class EventStream
    {
        public readonly List<EventBatch> Batches = [];
        public EventStreamState State;

        /// <summary>Where the newest state record is.</summary>
        public Offset StateOffset = Offset.None;
    }
}
