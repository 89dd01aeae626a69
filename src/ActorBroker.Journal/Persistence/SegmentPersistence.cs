using ActorBroker.Journal.Files;
using Akka.Actor;
using Akka.Configuration;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// What an actor system's segment journal and snapshot store have in common. A host may give them another disk before they start.
/// </summary>
public sealed class SegmentPersistence : IExtension
{
    /// <summary>Config path of the journal plugin.</summary>
    public const string JournalId = "akka.persistence.journal.segment";

    /// <summary>Config path of the snapshot store plugin.</summary>
    public const string SnapshotStoreId = "akka.persistence.snapshot-store.segment";

    private const string Resource = "ActorBroker.Journal.Persistence.segment-persistence.conf";

    private SegmentPersistence()
    {
    }

    /// <summary>The operating system's unless it was replaced, for example by an <see cref="InMemoryFileSystem"/>.</summary>
    public ILogFileSystem Files { get; set; } = PhysicalFileSystem.Instance;

    public static SegmentPersistence Get(ActorSystem system) => system.WithExtension<SegmentPersistence, Provider>();

    /// <summary>Both plugins' sections, to be a fallback of the actor system's configuration.</summary>
    public static Config DefaultConfig()
    {
        using var stream = typeof(SegmentPersistence).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    public sealed class Provider : ExtensionIdProvider<SegmentPersistence>
    {
        public override SegmentPersistence CreateExtension(ExtendedActorSystem system) => new();
    }
}
