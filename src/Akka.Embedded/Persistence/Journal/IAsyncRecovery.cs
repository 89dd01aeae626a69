using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>How events come back from a journal.</summary>
public interface IAsyncRecovery
{
    /// <summary>
    /// Calls back for each event that is not deleted, ascending, both bounds inclusive, at most <paramref name="max"/> times. The
    /// callback must not be called after the task has ended.
    /// </summary>
    Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest sequence number ever stored, even if that event is deleted; 0 if there was none.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="fromSequenceNr">A number that is known to be stored or 0: a hint where to start looking.</param>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}
