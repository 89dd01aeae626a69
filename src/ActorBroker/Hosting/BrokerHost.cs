using ActorBroker.Controller;
using ActorBroker.Core.Controller;
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
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(10); // Recovery reads logs, which may be large.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMinutes(5);

    /// <summary>So that one slow disk does not hold up everything that waits for another.</summary>
    private const int MinDiskThreads = 4;

    private readonly BrokerParts _parts;
    private readonly KafkaListeners _listeners;
    private readonly IActorRef _guardian;
    private readonly ILogger _log;
    private bool _logsAreClosed;
    private long _brokerEpoch = -1;

    private BrokerHost(BrokerParts parts, ActorSystem system)
    {
        (_parts, System) = (parts, system);
        _log = parts.Environment.Logging.CreateLogger<BrokerHost>();
        _guardian = system.ActorOf(BrokerGuardian.Props(parts), "broker");
        var controllerLog = parts.Environment.Logging.CreateLogger<ControllerActor>();
        var controller = ControllerActor.Props(ControllerPolicy.From(parts.Options.Settings), _guardian, controllerLog);
        Controller = new ControllerClient(
            system.ActorOf(ControllerSupervisor.Props(controller), "controller"), parts.Metadata, parts.Environment.Time);
        _guardian.Tell(new InSyncProposals.Use(Controller));
        _listeners = KafkaListeners.Bind(parts.Options, KafkaHandlers.Of(parts, Controller), parts.Environment);
    }

    public ActorSystem System { get; }

    public IController Controller { get; }

    public MetadataCache Metadata => _parts.Metadata;

    /// <summary><c>host:port</c> for a Kafka client on this machine.</summary>
    public string BootstrapServers => _listeners.LocalAddress;

    /// <summary>Ends when the broker has stopped, for whatever reason.</summary>
    public Task Stopped => System.WhenTerminated;

    /// <summary>Starts a broker; when the task ends, it serves.</summary>
    /// <exception cref="BrokerConfigException">It can't start with this configuration.</exception>
    /// <exception cref="LogStorageException">A data directory can't be used.</exception>
    public static async Task<BrokerHost> StartAsync(BrokerOptions options, BrokerEnvironment environment)
    {
        var started = environment.Time.GetTimestamp();
        var log = environment.Logging.CreateLogger<BrokerHost>();
        foreach (var warning in options.Warnings) Log.ConfigWarning(log, warning);

        var topicIds = new TopicIds(environment.NewId);
        var clusterId = DataDirectories.ClusterIdOf(environment.Files, options.Logs.Directories) ?? topicIds.Next().ToString();
        var directories = DataDirectories.Open(
            environment.Files, options.Logs.Directories, options.Id, clusterId, topicIds.Next, environment.Time,
            environment.Logging.CreateLogger<DataDirectories>());
        BrokerHost? host = null;
        ActorSystem? system = null;
        try
        {
            var metadataFolder = ControllerStorage.FolderIn(environment.Files, options.Logs.Directories);
            ControllerStorage.CheckIsThere(environment.Files, metadataFolder, directories);
            system = ActorSystem.Create("actorbroker", Setup(options, environment, metadataFolder));
            SegmentPersistence.Get(system).Files = environment.Files;
            var parts = new BrokerParts(
                options, environment, directories, new MetadataCache(), new LocalReplicas(), new LocalCoordinators());
            host = new BrokerHost(parts, system);
            host.PlanStop();
            await host.RegisterAsync(clusterId, metadataFolder).ConfigureAwait(false);
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

    private static ActorSystemSetup Setup(BrokerOptions options, BrokerEnvironment environment, string metadataFolder)
    {
        var threads = Math.Max(MinDiskThreads, options.Logs.Directories.Length * options.Logs.RecoveryThreadsPerDirectory);
        var config = ConfigurationFactory.ParseString($"log-dispatcher.dedicated-thread-pool.thread-count = {threads}")
            .WithFallback(ControllerStorage.ConfigFor(metadataFolder))
            .WithFallback(options.Config)
            .WithFallback(SegmentPersistence.DefaultConfig());
        return BootstrapSetup.Create().WithConfig(config).And(new LoggingSetup(environment.Logging));
    }

    private async Task RegisterAsync(string clusterId, string metadataFolder)
    {
        var command = new ClusterCommand.RegisterBroker(_parts.Options.Id, _listeners.Endpoints, _parts.Options.Rack, clusterId);
        var asking = Controller.AskAsync<ClusterCommand.RegisterBroker.Answer>(command, StartTimeout);
        var failed = _parts.StartFailed.Task;
        if (await Task.WhenAny(asking, failed).ConfigureAwait(false) == failed)
        {
            var cause = await failed.ConfigureAwait(false);
            throw new LogStorageException(
                LogStorageFailure.InputOutput, metadataFolder,
                $"The controller's journal in {metadataFolder} can't be read: {cause.Message}", cause);
        }
        var answer = await asking.ConfigureAwait(false);
        _brokerEpoch = answer.BrokerEpoch;
        if (answer.ClusterId != clusterId)
            throw new LogStorageException(LogStorageFailure.Directory, _parts.Options.Logs.Directories[0],
                $"The data directories are of cluster {clusterId}, the controller's journal of {answer.ClusterId}. Correct log.dirs.");
    }

    private void PlanStop()
    {
        var shutdown = CoordinatedShutdown.Get(System);
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
            _parts.Directories.Close(_logsAreClosed, _brokerEpoch);
            Log.Stopped(_log, _parts.Options.Id);
        });
    }
}
