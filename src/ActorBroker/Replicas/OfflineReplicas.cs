using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas;

/// <summary>
/// <c>/user/broker/offline</c>: tells the controller which of this broker's replicas can't be served as their storage failed, so
/// that others lead, and which can again; and what replicas had to give up. All that is news in one request, one request at a
/// time, until it is answered.
/// </summary>
internal sealed class OfflineReplicas : ReceiveActor, IWithTimers
{
    /// <summary>A controller that moves to another broker is there again after some seconds.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    private readonly BrokerId _self;
    private readonly ILogger _log;
    private readonly Dictionary<ReplicaId, bool> _news = [];
    private readonly List<LostRange> _losses = [];
    private IController? _controller;
    private long _brokerEpoch = -1;
    private bool _isAsking;

    /// <summary>From a replica.</summary>
    public sealed record Changed(ReplicaId Replica, bool IsOffline);

    /// <summary>From a replica: it cut what an unclean election has lost.</summary>
    public sealed record Lost(LostRange Range);

    private sealed record Answered(ClusterCommand.ReportReplicas Told, ErrorCode Error);

    private sealed record NotAnswered(ClusterCommand.ReportReplicas Told, Exception Cause);

    private sealed record Again
    {
        public static readonly Again Instance = new();
    }

    public static Props Props(BrokerId self, ILogger log) => Akka.Actor.Props.Create(() => new OfflineReplicas(self, log));

    public OfflineReplicas(BrokerId self, ILogger log)
    {
        (_self, _log) = (self, log);
        Receive<InSyncProposals.Use>(use => _controller = use.Controller);
        Receive<MetadataImage>(image => _brokerEpoch = image.Brokers.GetValueOrDefault(_self)?.Epoch ?? -1);
        Receive<Changed>(changed => _news[changed.Replica] = changed.IsOffline);
        Receive<Lost>(lost => _losses.Add(lost.Range));
        Receive<Answered>(answered =>
        {
            _isAsking = false;
            if (answered.Error == ErrorCode.None) return;
            Log.ReportRefused(_log, answered.Error, answered.Told.Replicas.Length);
            Remember(answered.Told);
        });
        Receive<NotAnswered>(failed =>
        {
            _isAsking = false;
            Log.ReportLost(_log, failed.Cause.Message, failed.Told.Replicas.Length);
            Remember(failed.Told);
        });
        Receive<Again>(_ => { }); // Asked after each message.
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override bool AroundReceive(Receive receive, object message)
    {
        var isHandled = base.AroundReceive(receive, message);
        AskIfIdle();
        return isHandled;
    }

    /// <summary>To be told again, unless there is something newer to tell.</summary>
    private void Remember(ClusterCommand.ReportReplicas told)
    {
        _losses.InsertRange(0, told.Losses);
        foreach (var (topic, partition, isOffline) in told.Replicas) _news.TryAdd(new ReplicaId(topic, partition), isOffline);
        Timers.StartSingleTimer(Again.Instance, Again.Instance, AskAgain);
    }

    private void AskIfIdle()
    {
        if (_isAsking || _news.Count + _losses.Count == 0 || _controller is null || _brokerEpoch < 0) return;
        if (Timers.IsTimerActive(Again.Instance)) return;
        _isAsking = true;
        var told = new ClusterCommand.ReportReplicas(
            _self, _brokerEpoch,
            [.. _news.Select(n => new ReplicaStorage(n.Key.Topic, n.Key.Partition, n.Value))], [.. _losses]);
        _news.Clear();
        _losses.Clear();
        _controller.AskAsync<ClusterCommand.ReportReplicas.Answer>(told, AnswerTimeout).PipeTo(
            Self, success: answer => new Answered(told, answer.Error), failure: cause => new NotAnswered(told, cause));
    }
}
