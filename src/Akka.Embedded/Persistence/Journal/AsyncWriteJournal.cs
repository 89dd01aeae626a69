using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;

namespace Akka.Persistence.Journal;

/// <summary>
/// Base of journals: a plugin stores, replays and deletes; this class does the conversation with persistent actors, the circuit
/// breaker, and the order of the answers.
/// </summary>
/// <remarks>
/// Writes of several actors may be under way at once; their answers leave in the order in which the requests came. A fault of a
/// write is a <em>failure</em>: it is unknown whether the events are stored, and their actor stops. An exception that the plugin
/// returns for a write is a <em>rejection</em>: that write is not stored, and its actor goes on.
/// </remarks>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    /// <summary>Whether requests that are carried out are published on the event stream.</summary>
    protected readonly bool CanPublish;

    private readonly CircuitBreaker _breaker;
    private readonly ReplayFilterMode _replayFilterMode;
    private readonly int _replayFilterWindowSize;
    private readonly int _replayFilterMaxOldWriters;
    private readonly bool _replayFilterDebug;
    private readonly IActorRef _resequencer;
    private long _resequencerCounter = 1;

    protected AsyncWriteJournal()
    {
        var extension = Persistence.Instance.Apply(Context.System);
        CanPublish = extension.Settings.Internal.PublishPluginCommands;
        var config = extension.ConfigFor(Self);
        _breaker = PluginCircuitBreaker.Create(Context.System.Scheduler, config);
        _replayFilterMode = FilterMode(config);
        _replayFilterWindowSize = config.GetInt("replay-filter.window-size");
        _replayFilterMaxOldWriters = config.GetInt("replay-filter.max-old-writers");
        _replayFilterDebug = config.GetBoolean("replay-filter.debug");
        _resequencer = Context.ActorOf(Props.Create(() => new Resequencer()));
    }

    /// <inheritdoc/>
    public abstract Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <inheritdoc/>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    protected static Exception TryUnwrapException(Exception e) => e switch
    {
        AggregateException aggregate when aggregate.Flatten().InnerExceptions is [var only] => TryUnwrapException(only),
        _ => e,
    };

    /// <summary>Stores each atomic write, all of its events or none. It may end on any thread.</summary>
    /// <returns>Null if all are stored, or for each write, in order, null or why it was rejected.</returns>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes events up to a sequence number, inclusive. The highest sequence number is kept.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>Messages that are the plugin's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected sealed override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Write(write);
                return true;
            case ReplayMessages replay:
                Replay(replay);
                return true;
            case DeleteMessagesTo delete:
                Delete(delete);
                return true;
            default:
                return false;
        }
    }

    private void Write(WriteMessages request)
    {
        var envelopes = request.Messages as IReadOnlyList<IPersistentEnvelope> ?? [.. request.Messages];
        var first = _resequencerCounter;
        foreach (var envelope in envelopes) _resequencerCounter += envelope.Size;
        _resequencerCounter++; // The answer to the batch as a whole.
        var answers = new WriteAnswers(_resequencer, request.PersistentActor, request.ActorInstanceId, envelopes, first, Self);

        AtomicWrite[] writes;
        try
        {
            writes = [.. PreparePersistentBatch(envelopes)];
        }
        catch (Exception cause)
        {
            answers.RejectAll(cause);
            return;
        }

        _ = CompleteAsync();

        async Task CompleteAsync()
        {
            try
            {
                var results = writes.Length == 0
                    ? null
                    : await _breaker.WithCircuitBreaker(() => WriteMessagesAsync(writes)).ConfigureAwait(false);
                if (results is not null && results.Count != writes.Length)
                    throw new IllegalStateException(
                        $"the journal answered {results.Count} results for {writes.Length} atomic writes");
                answers.Succeed(results);
            }
            catch (Exception cause)
            {
                answers.FailAll(TryUnwrapException(cause), writes.Length);
            }
        }
    }

    private void Replay(ReplayMessages request)
    {
        var context = Context;
        var self = Self;
        var events = context.System.EventStream;
        var replyTo = _replayFilterMode == ReplayFilterMode.Disabled
            ? request.PersistentActor
            : context.ActorOf(ReplayFilter.Props(
                request.PersistentActor, _replayFilterMode, _replayFilterWindowSize, _replayFilterMaxOldWriters,
                _replayFilterDebug));
        _ = CompleteAsync();

        async Task CompleteAsync()
        {
            try
            {
                var highest = await _breaker.WithCircuitBreaker(
                    () => ReadHighestSequenceNrAsync(request.PersistenceId, Math.Max(0L, request.FromSequenceNr - 1L)))
                        .ConfigureAwait(false);
                var to = Math.Min(request.ToSequenceNr, highest);
                if (highest != 0L && request.FromSequenceNr <= to)
                {
                    await ReplayMessagesAsync(
                        context, request.PersistenceId, request.FromSequenceNr, to, request.Max, persistent =>
                    {
                        if (persistent.IsDeleted) return;
                        foreach (var adapted in AdaptFromJournal(persistent))
                            replyTo.Tell(new ReplayedMessage(adapted), ActorRefs.NoSender);
                    }).ConfigureAwait(false);
                }

                replyTo.Tell(new RecoverySuccess(highest), self);
                if (CanPublish) events.Publish(request);
            }
            catch (Exception cause)
            {
                replyTo.Tell(new ReplayMessagesFailure(TryUnwrapException(cause)), self);
            }
        }
    }

    private void Delete(DeleteMessagesTo request)
    {
        var self = Self;
        var events = Context.System.EventStream;
        _ = CompleteAsync();

        async Task CompleteAsync()
        {
            try
            {
                await _breaker.WithCircuitBreaker(() => DeleteMessagesToAsync(request.PersistenceId, request.ToSequenceNr))
                    .ConfigureAwait(false);
                request.PersistentActor.Tell(new DeleteMessagesSuccess(request.ToSequenceNr), self);
                if (CanPublish) events.Publish(request);
            }
            catch (Exception cause)
            {
                request.PersistentActor.Tell(new DeleteMessagesFailure(TryUnwrapException(cause), request.ToSequenceNr), self);
            }
        }
    }

    private static ReplayFilterMode FilterMode(Config config) => config.GetString("replay-filter.mode") switch
    {
        "off" or "false" => ReplayFilterMode.Disabled,
        "repair-by-discard-old" => ReplayFilterMode.RepairByDiscardOld,
        "fail" => ReplayFilterMode.Fail,
        "warn" => ReplayFilterMode.Warn,
        var other => throw new ConfigurationException(
            $"replay-filter.mode is [{other}], but must be one of: off, repair-by-discard-old, fail, warn"),
    };
}
