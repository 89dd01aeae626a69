using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>What journals have in common: event adapters on the way in and out.</summary>
public abstract class WriteJournalBase : ActorBase
{
    private readonly PersistenceExtension _persistence;
    private readonly IActorRef _self; // Replays come back on any thread, where the actor has no context.

    protected WriteJournalBase() => (_persistence, _self) = (Persistence.Instance.Apply(Context.System), Self);

    private EventAdapters Adapters => field ??= _persistence.AdaptersFor(_self);

    /// <summary>The atomic writes among the envelopes, with their events as they are to be stored.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        var now = Context.System.Scheduler.Now.UtcTicks;
        foreach (var envelope in resequenceables)
        {
            if (envelope is not AtomicWrite write) continue;
            yield return new AtomicWrite(write.Events
                .Select(persistent => AdaptToJournal(persistent.Update(
                    persistent.SequenceNr, persistent.PersistenceId, persistent.IsDeleted, ActorRefs.NoSender,
                    persistent.WriterGuid).WithTimestamp(now)))
                .ToImmutableArray());
        }
    }

    protected IPersistentRepresentation AdaptToJournal(IPersistentRepresentation representation)
    {
        var payload = representation.Payload;
        var adapter = Adapters.Get(payload.GetType());
        if (adapter is IdentityEventAdapter) return representation;
        var manifest = adapter.Manifest(payload);
        return representation.WithPayload(adapter.ToJournal(payload)).WithManifest(manifest);
    }

    protected IEnumerable<IPersistentRepresentation> AdaptFromJournal(IPersistentRepresentation representation)
    {
        var adapter = Adapters.Get(representation.Payload.GetType());
        return adapter is IdentityEventAdapter
            ? [representation]
            : adapter.FromJournal(representation.Payload, representation.Manifest).Events.Select(representation.WithPayload);
    }
}
