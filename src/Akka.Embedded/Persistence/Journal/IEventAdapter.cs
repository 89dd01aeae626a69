namespace Akka.Persistence.Journal;

/// <summary>Translates events on their way to a journal and back.</summary>
public interface IEventAdapter : IWriteEventAdapter, IReadEventAdapter;

/// <summary>Translates an event into what the journal stores.</summary>
public interface IWriteEventAdapter
{
    /// <summary>A hint that is stored with the event and given back to <see cref="IReadEventAdapter"/>; empty for none.</summary>
    string Manifest(object evt);

    object ToJournal(object evt);
}

/// <summary>Translates what the journal stored into none, one or more events.</summary>
public interface IReadEventAdapter
{
    IEventSequence FromJournal(object evt, string manifest);
}

/// <summary>Leaves events as they are.</summary>
public sealed class IdentityEventAdapter : IEventAdapter
{
    private IdentityEventAdapter()
    {
    }

    public static IdentityEventAdapter Instance { get; } = new();

    public string Manifest(object evt) => string.Empty;

    public object ToJournal(object evt) => evt;

    public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single(evt);
}

/// <summary>Several adapters for one type: all of them read, none writes.</summary>
public sealed class CombinedReadEventAdapter(IEnumerable<IEventAdapter> adapters) : IEventAdapter
{
    public IEnumerable<IEventAdapter> Adapters { get; } = [.. adapters];

    public string Manifest(object evt) => throw OnlyReads();

    public object ToJournal(object evt) => throw OnlyReads();

    public IEventSequence FromJournal(object evt, string manifest) =>
        EventSequence.Create(Adapters.SelectMany(adapter => adapter.FromJournal(evt, manifest).Events));

    private static InvalidOperationException OnlyReads() =>
        new("an event type that is bound to several adapters can only be read");
}

internal sealed class ReadOnlyEventAdapter(IReadEventAdapter reader) : IEventAdapter
{
    public string Manifest(object evt) => string.Empty;

    public object ToJournal(object evt) => evt;

    public IEventSequence FromJournal(object evt, string manifest) => reader.FromJournal(evt, manifest);
}

internal sealed class WriteOnlyEventAdapter(IWriteEventAdapter writer) : IEventAdapter
{
    public string Manifest(object evt) => writer.Manifest(evt);

    public object ToJournal(object evt) => writer.ToJournal(evt);

    public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single(evt);
}
