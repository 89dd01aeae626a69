using ActorBroker.Journal.Files;
using Akka.Dispatch;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// Takes requests from any thread and carries them out in their order, those that wait together: one write and one flush for all
/// of them (group commit). Runs on the plugin's dispatcher, which may block.
/// </summary>
/// <remarks>A disk that failed is opened again by the next request, so that it is known again what is stored.</remarks>
internal sealed class EventStore(
    ILogFileSystem files, EventLogOptions options, Func<long> nowMs, MessageDispatcher dispatcher, ILogger logger) : IDisposable
{
    private readonly Lock _working = new();
    private readonly Queue<Request> _waiting = new();
    private EventLog? _log;
    private bool _isScheduled;
    private bool _isClosed;

    /// <summary>Stores batches, all or none.</summary>
    public Task AppendAsync(IReadOnlyList<byte[]> batches) => Ask(new Request(batches));

    public Task DeleteToAsync(string persistenceId, long toSequenceNr) => Ask(new Request(log =>
    {
        var state = log.StateOf(persistenceId);
        var deletedTo = Math.Min(toSequenceNr, state.HighestSequenceNr);
        if (deletedTo <= state.DeletedTo) return true;
        log.Append([JournalRecord.StateBatch(persistenceId, state with { DeletedTo = deletedTo }, nowMs())], nowMs());
        log.Reclaim(nowMs());
        return true;
    }));

    public async Task<long> HighestSequenceNrAsync(string persistenceId) =>
        (long)await Ask(new Request(log => log.StateOf(persistenceId).HighestSequenceNr)).ConfigureAwait(false);

    /// <summary>Hands out events in the order of their writing, at most <paramref name="max"/>. Writes go on meanwhile.</summary>
    public async Task ReplayAsync(
        string persistenceId, long fromSequenceNr, long toSequenceNr, long max, PayloadCodec payloads,
        Action<Akka.Persistence.Persistent> replayed)
    {
        var (log, batches, state) = ((EventLog, List<EventBatch>, EventStreamState))await Ask(new Request(
            log => (log, log.Find(persistenceId, fromSequenceNr, toSequenceNr), log.StateOf(persistenceId))))
                .ConfigureAwait(false);
        var from = Math.Max(fromSequenceNr, state.DeletedTo + 1);
        await OnDispatcherAsync(() =>
        {
            foreach (var batch in batches)
            {
                if (max <= 0) return;
                log.TryRead(batch, record =>
                {
                    var sequenceNr = JournalRecord.SequenceNrOf(record);
                    if (sequenceNr < from || sequenceNr > toSequenceNr || max-- <= 0) return;
                    replayed(JournalRecord.ReadEvent(record, payloads));
                });
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Waits for the work that runs, refuses what still waits, and gives the folder back.</summary>
    public void Dispose()
    {
        lock (_working)
        {
            lock (_waiting)
            {
                _isClosed = true;
                while (_waiting.TryDequeue(out var request)) request.Fail(Closed());
            }
            try
            {
                _log?.Dispose();
            }
            catch (LogStorageException e)
            {
                // What was acknowledged is flushed; the next start only has more to read.
                Log.MaintenanceFailed(logger, e, options.Directory, "closing the journal");
            }
            _log = null;
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(SegmentJournal), "The journal was stopped.");

    private Task<object> Ask(Request request)
    {
        lock (_waiting)
        {
            if (_isClosed) return Task.FromException<object>(Closed());
            _waiting.Enqueue(request);
            if (_isScheduled) return request.Answer;
            _isScheduled = true;
        }
        dispatcher.Schedule(Work);
        return request.Answer;
    }

    private void Work()
    {
        lock (_working)
            while (TryTakeAll() is { } requests) CarryOut(requests);
    }

    private List<Request>? TryTakeAll()
    {
        lock (_waiting)
        {
            if (_waiting.Count == 0)
            {
                _isScheduled = false;
                return null;
            }
            List<Request> all = [.. _waiting];
            _waiting.Clear();
            return all;
        }
    }

    /// <summary>Appends that follow each other are one write; what asks or deletes comes after those before it.</summary>
    private void CarryOut(List<Request> requests)
    {
        var appends = new List<Request>();
        foreach (var request in requests)
        {
            if (request.Batches is not null)
            {
                appends.Add(request);
                continue;
            }
            Append(appends);
            Try([request], () => request.Succeed(request.Run!(OpenLog())));
        }
        Append(appends);
    }

    private void Append(List<Request> appends)
    {
        if (appends.Count == 0) return;
        Try(appends, () =>
        {
            OpenLog().Append([.. appends.SelectMany(request => request.Batches!)], nowMs());
            foreach (var request in appends) request.Succeed(true);
        });
        appends.Clear();
    }

    private static void Try(List<Request> requests, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            foreach (var request in requests) request.Fail(e);
        }
    }

    private Task OnDispatcherAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        dispatcher.Schedule(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    private EventLog OpenLog()
    {
        if (_log is { IsBroken: true })
        {
            _log.Dispose();
            _log = null;
        }
        return _log ??= EventLog.Open(files, options, nowMs(), logger);
    }

    /// <summary>Either batches to append or something else to do.</summary>
    private sealed class Request
    {
        private readonly TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Request(IReadOnlyList<byte[]> batches) => Batches = batches;

        public Request(Func<EventLog, object> run) => Run = run;

        public IReadOnlyList<byte[]>? Batches { get; }

        public Func<EventLog, object>? Run { get; }

        public Task<object> Answer => _answer.Task;

        public void Succeed(object answer) => _answer.TrySetResult(answer);

        public void Fail(Exception cause) => _answer.TrySetException(cause);
    }
}
