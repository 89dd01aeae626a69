using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Directories;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Regions;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Logs;

/// <summary>
/// <c>/user/broker/logs</c>: reminds replicas to look after their logs, writes the checkpoints, and removes what was deleted.
/// When a directory fails it tells the replicas there, and stops when none is left. It may block, so it runs on
/// <c>log-dispatcher</c>.
/// </summary>
internal sealed class LogManager : ReceiveActor, IWithTimers
{
    private enum Tick
    {
        Maintain,
        Checkpoint,
        HighWatermarks,
        RemoveDeleted,
    }

    private readonly DataDirectories _directories;
    private readonly IReplicaRegion _region;
    private readonly LogOptions _options;
    private readonly ILogger _log;

    public static Props Props(DataDirectories directories, IReplicaRegion region, LogOptions options, ILogger log) =>
        Akka.Actor.Props.Create(() => new LogManager(directories, region, options, log)).WithDispatcher(ReplicaDispatchers.Log);

    public LogManager(DataDirectories directories, IReplicaRegion region, LogOptions options, ILogger log)
    {
        (_directories, _region, _options, _log) = (directories, region, options, log);
        Receive<DirectoryFailed>(On);
        Receive<Tick>(tick =>
        {
            switch (tick)
            {
                case Tick.Maintain:
                    foreach (var directory in directories.All) TellAll(directory, Replica.Maintain.Instance);
                    break;
                case Tick.Checkpoint:
                    directories.WriteCheckpoints();
                    break;
                case Tick.HighWatermarks:
                    directories.WriteHighWatermarks();
                    break;
                case Tick.RemoveDeleted:
                    directories.RemoveDeleted();
                    break;
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _directories.WhenFailed(failed => self.Tell(failed, ActorRefs.NoSender));
        var flush = _options.FlushSchedulerInterval is { } interval && interval < _options.RetentionCheckInterval
            ? interval
            : _options.RetentionCheckInterval;
        Timers.StartPeriodicTimer(Tick.Maintain, Tick.Maintain, flush);
        var checkpoint = _options.RecoveryPointInterval < _options.StartOffsetInterval
            ? _options.RecoveryPointInterval
            : _options.StartOffsetInterval;
        Timers.StartPeriodicTimer(Tick.Checkpoint, Tick.Checkpoint, checkpoint);
        Timers.StartPeriodicTimer(Tick.HighWatermarks, Tick.HighWatermarks, _options.HighWatermarkInterval);
        Timers.StartPeriodicTimer(Tick.RemoveDeleted, Tick.RemoveDeleted, TimeSpan.FromSeconds(1), _options.DeleteDelay);
    }

    /// <summary>In the same order each time, for a simulation's sake.</summary>
    private void TellAll(LogDirectory directory, object message)
    {
        foreach (var log in directory.Logs.OrderBy(l => l.Partition.Topic, StringComparer.Ordinal)
            .ThenBy(l => l.Partition.Partition))
            _region.Tell(new ReplicaId(log.TopicId, log.Partition.Partition), message, Self);
    }

    private void On(DirectoryFailed failed)
    {
        TellAll(failed.Directory, new Replica.StorageFailed(failed.Cause));
        if (!_directories.AllFailed) return;
        Log.AllFailed(_log);
        Context.Stop(Self); // The broker stops, as without any of its parts.
    }
}
