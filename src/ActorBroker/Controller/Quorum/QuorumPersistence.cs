using Akka.Actor;

namespace ActorBroker.Controller.Quorum;

/// <summary>What an actor system's quorum journal and snapshot store have in common: the proposer beside the
/// controller.</summary>
internal sealed class QuorumPersistence : IExtension
{
    /// <summary>Config path of the journal plugin.</summary>
    public const string JournalId = "akka.persistence.journal.quorum";

    /// <summary>Config path of the snapshot store plugin.</summary>
    public const string SnapshotStoreId = "akka.persistence.snapshot-store.quorum";

    private volatile QuorumSession? _session;

    private QuorumPersistence()
    {
    }

    /// <summary>Of the newest proposer.</summary>
    public QuorumSession? Session
    {
        get => _session;
        set => _session = value;
    }

    public static QuorumPersistence Get(ActorSystem system) => system.WithExtension<QuorumPersistence, Provider>();

    public QuorumSession Current => _session ?? throw new QuorumLostException("This broker does not run the controller.");

    public sealed class Provider : ExtensionIdProvider<QuorumPersistence>
    {
        public override QuorumPersistence CreateExtension(ExtendedActorSystem system) => new();
    }
}
