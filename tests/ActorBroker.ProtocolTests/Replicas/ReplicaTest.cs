using ActorBroker.Core.Metadata;
using ActorBroker.Journal;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Regions;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Replicas;

/// <summary>A region with one replica, on a disk in memory.</summary>
public abstract class ReplicaTest : IAsyncLifetime
{
    private protected static readonly TopicPartition Orders0 = new("orders", 0);
    private protected static readonly TopicId Orders = new(7);
    private protected static readonly BrokerId One = new(1), Two = new(2), Three = new(3);
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The tests' records are from 1970, which no retention should notice.</summary>
    private protected static readonly LogConfig Kept = LogConfig.Default with { RetentionMs = -1 };

    private readonly ActorSystem _system = ActorSystem.Create("replicas", ReplicaDispatchers.Config);

    private protected MemoryLogHome Logs { get; } = new();

    private protected LocalReplicas Replicas { get; } = new();

    private protected IReplicaRegion Region { get; private set; } = null!;

    private protected ActorSystem System => _system;

    /// <summary>Hears whom the replica follows.</summary>
    private protected virtual IActorRef Fetchers => ActorRefs.Nobody;

    private protected IActorRef Replica0
    {
        get
        {
            Assert.True(Replicas.TryFind("orders", 0, out var replica));
            return replica.Actor;
        }
    }

    public Task InitializeAsync()
    {
        var flushes = new FlushGroup(_system.Dispatchers.Lookup(ReplicaDispatchers.Log));
        var home = new ReplicaHome(One, Replicas, Logs, flushes, TimeProvider.System, NullLogger.Instance)
        {
            Fetchers = Fetchers,
        };
        _system.ActorOf(UndeliveredRequests.Props(), "undelivered");
        Region = new LocalReplicaRegion(_system.ActorOf(LocalReplicaRegion.Props(home), "replicas"));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate();

    private protected static Replica.Assign Assignment(
        LogConfig? log = null, Epoch? epoch = null, BrokerId[]? replicas = null, BrokerId? leader = null)
    {
        replicas ??= [One];
        var image = PartitionImage.New(0, [.. replicas]) with { LeaderEpoch = epoch ?? Epoch.Zero, Leader = leader ?? One };
        return new(Orders0, Orders, image, log ?? Kept, TopicRecordRules.Default, MinInSync: 1);
    }

    /// <summary>Starts the replica, or gives it another role, and waits until it can be found.</summary>
    private protected async Task<IActorRef> AssignAsync(Replica.Assign? assign = null)
    {
        assign ??= Assignment();
        // Before what the test tells it next.
        if (Replicas.TryFind("orders", 0, out var replica)) replica.Actor.Tell(assign, ActorRefs.NoSender);
        else Region.Tell(new ReplicaId(Orders, 0), assign, ActorRefs.NoSender);
        await Until(() => Replicas.TryFind("orders", 0, out _));
        return Replica0;
    }

    private protected static async Task<T> Tell<T>(IActorRef replica, T request, Func<T, Task<T>> answer)
        where T : notnull
    {
        replica.Tell(request, ActorRefs.NoSender);
        return await answer(request);
    }

    private protected static Task<AskedAppend> Append(IActorRef replica, AskedAppend append) =>
        Tell(replica, append, a => a.Reply);

    private protected static Task<AskedRead> Read(IActorRef replica, AskedRead read) => Tell(replica, read, r => r.Reply);

    private protected static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(2, patience.Token);
    }
}
