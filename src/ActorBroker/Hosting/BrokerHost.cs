using System.Net.Sockets;
using ActorBroker.Controller;
using ActorBroker.Groups;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Persistence;
using ActorBroker.Logs;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>One broker in this process, from its data directories to its listeners.</summary>
/// <remarks>
/// Start: take the data directories, bind the ports, recover the controller, register, open the logs, then serve. Stop, by
/// <see cref="CoordinatedShutdown"/>: close the listeners, close the logs, end the actors, give the directories back.
/// </remarks>
internal sealed class BrokerHost : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMinutes(5);

    /// <summary>So that one slow disk does not hold up everything that waits for another.</summary>
    private const int MinDiskThreads = 4;

    private readonly BrokerParts _parts;
    private readonly IKafkaListeners _listeners;
    private readonly IActorRef _guardian;
    private readonly ControllerClient _controller;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _log;
    private bool _logsAreClosed;

    /// <summary>From the registration on; a broker that is stopped before it serves has closed its logs in it, too.</summary>
    private long _brokerEpoch = -1;

    private BrokerHost(BrokerParts parts, ActorSystem system, string metadataFolder)
    {
        (_parts, System) = (parts, system);
        _log = parts.Environment.Logging.CreateLogger<BrokerHost>();
        ControllerStart.StartVoter(system, parts, metadataFolder);
        var controller = ControllerStart.Start(system, parts);
        _guardian = system.ActorOf(BrokerGuardian.Props(parts, controller), "broker");
        var retry = parts.Options.Cluster.IsClustered ? parts.Options.Cluster.ControllerRetry : (TimeSpan?)null;
        _controller = new ControllerClient(controller, parts.Incarnation, parts.Metadata, retry, parts.Environment.Time);
        _guardian.Tell(new InSyncProposals.Use(Controller));
        _listeners = parts.Environment.Listeners(parts.Options, KafkaHandlers.Of(parts, Controller), parts.Environment);
        _metrics = new BrokerMetrics(parts); // When nothing fails any more: .NET remembers it until it is disposed.
    }

    public ActorSystem System { get; }

    public IController Controller => _controller;

    public MetadataCache Metadata => _parts.Metadata;

    /// <summary><c>host:port</c> for a Kafka client on this machine.</summary>
    public string BootstrapServers => _listeners.LocalAddress;

    /// <summary>Ends when the broker has stopped, for whatever reason.</summary>
    public Task Stopped => System.WhenTerminated;

    /// <summary>Starts a broker; when the task ends, it serves.</summary>
    /// <exception cref="BrokerConfigException">It can't start with this configuration.</exception>
    /// <exception cref="LogStorageException">A data directory can't be used.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop, or had to, before it served.</exception>
    public static async Task<BrokerHost> StartAsync(
        BrokerOptions options, BrokerEnvironment environment, CancellationToken cancellation = default)
    {
        var started = environment.Time.GetTimestamp();
        var log = environment.Logging.CreateLogger<BrokerHost>();
        foreach (var warning in options.Warnings) Log.ConfigWarning(log, warning);

        var topicIds = new TopicIds(environment.NewId);
        var foundId = DataDirectories.ClusterIdOf(environment.Files, options.Logs.Directories);
        var newId = foundId ?? topicIds.Next().ToString();
        // Who joins a cluster has its id from there.
        var directories = DataDirectories.Open(
            environment.Files, options.Logs.Directories, options.Id, options.Cluster.IsClustered ? foundId : newId,
            topicIds.Next, environment.Time, environment.Logging.CreateLogger<DataDirectories>());
        BrokerHost? host = null;
        ActorSystem? system = null;
        try
        {
            var metadataFolder = ControllerStorage.FolderIn(environment.Files, directories);
            ControllerStorage.Check(environment.Files, metadataFolder, directories, options.Cluster.IsClustered);
            system = CreateSystem(options, Setup(options, environment, metadataFolder));
            SegmentPersistence.Get(system).Files = environment.Files;
            var lease = options.Cluster.IsClustered
                ? new ServingLease(options.Id, options.Cluster.TouchTimeout, environment.Time, environment.Pool)
                : ServingLease.Always;
            var parts = new BrokerParts(
                options, environment, directories, new MetadataCache(environment.Pool) { Lease = lease },
                new LocalReplicas { Lease = lease }, new LocalCoordinators());
            host = new BrokerHost(parts, system, metadataFolder);
            host.PlanStop();
            if (options.Cluster.IsClustered) Cluster.Get(system).RegisterOnMemberUp(() => parts.LetIn.Set(Done.Instance));
            else parts.LetIn.Set(Done.Instance);
            var stopped = CoordinatedShutdown.Get(system);
            using var stop = cancellation.Register(
                () => stopped.Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance));
            var joining = new BrokerJoining(parts, host._controller, host._listeners.Endpoints);
            var clusterId = await joining.RunAsync(
                foundId, newId, system.WhenTerminated, epoch => host._brokerEpoch = epoch).ConfigureAwait(false);
            host._listeners.Open();
            Log.Ready(log, options.Id, clusterId, host.BootstrapServers, environment.Time.GetElapsedTime(started));
            return host;
        }
        catch
        {
            if (host is not null) await host.DisposeAsync().ConfigureAwait(false);
            else if (system is not null) await system.Terminate().ConfigureAwait(false);
            if (host is null) directories.Close(clean: false, brokerEpoch: -1);
            throw;
        }
    }

    /// <summary>Stops the broker; ends when all is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance).ConfigureAwait(false);
        await System.WhenTerminated.ConfigureAwait(false);
    }

    /// <exception cref="BrokerConfigException">The address at which other brokers reach this one can't be used.</exception>
    private static ActorSystem CreateSystem(BrokerOptions options, ActorSystemSetup setup)
    {
        try
        {
            return ActorSystem.Create("actorbroker", setup);
        }
        catch (Exception e) when (options.Cluster.IsClustered && SocketErrorIn(e) is { } error)
        {
            const string tcp = "akka.remote.dot-netty.tcp";
            var (host, port) = (options.Config.GetString($"{tcp}.hostname"), options.Config.GetString($"{tcp}.port"));
            throw new BrokerConfigException([$"{tcp}: {host}:{port} can't be opened for other brokers: {error.Message}."]);
        }
    }

    /// <summary>The two runtimes wrap it differently.</summary>
    private static SocketException? SocketErrorIn(Exception e) =>
        e as SocketException ?? (e.InnerException is { } cause ? SocketErrorIn(cause) : null);

    private static ActorSystemSetup Setup(BrokerOptions options, BrokerEnvironment environment, string metadataFolder)
    {
        var threads = Math.Max(MinDiskThreads, options.Logs.Directories.Length * options.Logs.RecoveryThreadsPerDirectory);
        var config = ConfigurationFactory.ParseString($"log-dispatcher.dedicated-thread-pool.thread-count = {threads}")
            .WithFallback(ControllerStorage.ConfigFor(metadataFolder, options.Cluster.IsClustered))
            .WithFallback(RolesOf(options))
            .WithFallback(options.Config)
            .WithFallback(SegmentPersistence.DefaultConfig());
        return environment.Setups.Aggregate(
            BootstrapSetup.Create().WithConfig(config).And(new LoggingSetup(environment.Logging))
                .And(new WorkPoolSetup(environment.Pool)),
            static (all, setup) => all.And(setup));
    }

    /// <summary>Others know by its roles which broker a node is.</summary>
    private static Config RolesOf(BrokerOptions options)
    {
        var roles = options.Config.GetStringList("akka.cluster.roles", [])
            .Union([BrokerRole.Any, BrokerRole.Of(options.Id)], StringComparer.Ordinal);
        return ConfigurationFactory.ParseString($"akka.cluster.roles = [{string.Join(", ", roles.Select(r => $"\"{r}\""))}]");
    }

    private void PlanStop()
    {
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "give-away-leaders", async () =>
        {
            if (_brokerEpoch >= 0)
                await new ControlledShutdown(_parts, Controller, _log).RunAsync(System, _brokerEpoch).ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "close-listeners", async () =>
        {
            Log.Stopping(_log, _parts.Options.Id);
            await _listeners.DisposeAsync().ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "close-logs", async () =>
        {
            try
            {
                await _guardian.Ask<MetadataActor.ReplicasStopped>(MetadataActor.StopReplicas.Instance, CloseTimeout)
                    .ConfigureAwait(false);
                _logsAreClosed = true;
            }
            catch (AskTimeoutException)
            {
                Log.ReplicasStayOpen(_log);
            }
            return Done.Instance;
        });
        // After the journal's actors, whose files lie in the directories too.
        System.RegisterOnTermination(() =>
        {
            _metrics.Dispose();
            // Who never registered has changed nothing since the last time.
            _parts.Directories.Close(_logsAreClosed, _brokerEpoch >= 0 ? _brokerEpoch : _parts.Directories.ClosedInEpoch);
            Log.Stopped(_log, _parts.Options.Id);
        });
    }
}
