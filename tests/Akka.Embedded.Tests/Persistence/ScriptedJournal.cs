using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>
/// A memory journal that does with an event what its text says: <c>fail</c>, <c>reject</c>, or <c>wait</c> for a
/// <see cref="Release"/>.
/// </summary>
public sealed class ScriptedJournal : MemoryJournal
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public const string Config = """
        akka.loglevel = OFF
        scripted { class = "Akka.Embedded.Tests.Persistence.ScriptedJournal, Akka.Embedded.Tests" }
        """;

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var results = ImmutableList.CreateBuilder<Exception?>();
        foreach (var write in messages)
        {
            var events = ((IEnumerable<IPersistentRepresentation>)write.Payload).Select(persistent => (string)persistent.Payload)
                .ToArray();
            if (events.Contains("fail")) throw new IOException("disk gone");
            if (events.Contains("miscount")) return ImmutableList<Exception?>.Empty;
            if (events.Contains("wait")) await _released.Task;
            results.Add(events.Contains("reject") ? new FormatException("not storable") : null);
            if (results[^1] is null) await base.WriteMessagesAsync([write]);
        }

        return results.ToImmutable();
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not Release) return false;
        _released.TrySetResult();
        return true;
    }

    public sealed class Release;
}
