using ActorBroker.Hosting.Options;
using ActorBroker.Replicas;
using Akka.Actor;

namespace ActorBroker.Logs;

/// <summary>
/// <c>/user/broker/logs</c>: reminds replicas to look after their logs, writes the checkpoints, and removes what was deleted.
/// It may block, so it runs on <c>log-dispatcher</c>.
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

    private readonly LogOptions _options;

    public static Props Props(DataDirectories directories, IReplicaRegion region, LogOptions options) =>
        Akka.Actor.Props.Create(() => new LogManager(directories, region, options)).WithDispatcher(ReplicaDispatchers.Log);

    public LogManager(DataDirectories directories, IReplicaRegion region, LogOptions options)
    {
        _options = options;
        Receive<Tick>(tick =>
        {
            switch (tick)
            {
                case Tick.Maintain:
                    foreach (var log in directories.All.SelectMany(d => d.Logs))
                        region.Tell(new ReplicaId(log.TopicId, log.Partition.Partition), Replica.Maintain.Instance, Self);
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
}
