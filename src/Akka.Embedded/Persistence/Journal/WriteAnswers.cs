using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// Answers one <see cref="WriteMessages"/>: one message for the batch, then one for each event or deferred message.
/// </summary>
internal sealed class WriteAnswers(
    IActorRef resequencer, IActorRef persistentActor, int instanceId, IReadOnlyList<IPersistentEnvelope> envelopes, long first,
    IActorRef journal)
{
    private long _next = first;

    public void Succeed(IReadOnlyList<Exception?>? results)
    {
        Say(WriteMessagesSuccessful.Instance, journal);
        var write = 0;
        foreach (var envelope in envelopes)
        {
            var rejection = envelope is AtomicWrite ? results?[write++] : null;
            Say(envelope, persistent => rejection is null
                ? new WriteMessageSuccess(persistent, instanceId)
                : new WriteMessageRejected(persistent, rejection, instanceId));
        }
    }

    public void RejectAll(Exception cause)
    {
        Say(WriteMessagesSuccessful.Instance, journal);
        foreach (var envelope in envelopes) Say(envelope, persistent => new WriteMessageRejected(persistent, cause, instanceId));
    }

    public void FailAll(Exception cause, int writes)
    {
        Say(new WriteMessagesFailed(cause, writes), journal);
        foreach (var envelope in envelopes) Say(envelope, persistent => new WriteMessageFailure(persistent, cause, instanceId));
    }

    private void Say(IPersistentEnvelope envelope, Func<IPersistentRepresentation, object> answer)
    {
        if (envelope is AtomicWrite write)
            foreach (var persistent in write.Events) Say(answer(persistent), persistent.Sender);
        else
            Say(new LoopMessageSuccess(envelope.Payload, instanceId), envelope.Sender);
    }

    private void Say(object answer, IActorRef sender) =>
        resequencer.Tell(new Resequencer.Desequenced(answer, _next++, persistentActor, sender), ActorRefs.NoSender);
}

/// <summary>Passes answers on in the order of their numbers, however their writes overtook each other.</summary>
internal sealed class Resequencer : UntypedActor
{
    private readonly Dictionary<long, Desequenced> _early = [];
    private long _delivered;

    protected override void OnReceive(object message)
    {
        if (message is not Desequenced next) return;
        if (next.Number != _delivered + 1)
        {
            _early.Add(next.Number, next);
            return;
        }

        do
        {
            _delivered = next.Number;
            next.Target.Tell(next.Message, next.Sender);
        }
        while (_early.Remove(_delivered + 1, out next!));
    }

    internal sealed record Desequenced(object Message, long Number, IActorRef Target, IActorRef Sender);
}
