using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Checker;
using ActorBroker.Core.Metadata;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Simulation.Brokers;
using ActorBroker.Simulation.Clients;
using ActorBroker.Simulation.Faults;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation;

/// <summary>
/// Three brokers, producers, consumers that commit, and the faults of one seed; then all is healed, what has stopped is started
/// again, and the cluster has to become whole, with everything that was ever acknowledged.
/// </summary>
internal sealed partial class ClusterRun : IDisposable
{
    private const int BrokerCount = 3;
    private const int Partitions = 2;
    private const string Topic = "t";
    private const string Group = "g";
    private const string MembersGroup = "m";
    private const string RackGroup = "r";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);

    /// <summary>Nobody writes; until then each replica has written down its high watermark.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(12);

    private readonly Recorder _recorder = new();
    private readonly LeaderLog _leaders = new();
    private readonly List<Producer> _producers = [];
    private readonly List<(string Group, TopicPartition Partition, Consumer Consumer)> _consumers = [];
    private readonly Dictionary<SimulatedBroker, TimeSpan> _startAt = [];
    private readonly Features _features;
    private Administrator? _administrator;

    /// <summary>Those that ended without closing their logs, or may do so as a disk is full, and are not in sync since; and
    /// whether they lost something.</summary>
    private readonly Dictionary<SimulatedBroker, bool> _unclean = [];

    /// <param name="seed">Decides the order of all, and the faults.</param>
    /// <param name="trace">Gets the run in words.</param>
    /// <param name="plan">Faults other than the seed's.</param>
    /// <param name="features">What it has, other than the seed says.</param>
    public ClusterRun(int seed, Action<string>? trace = null, IReadOnlyList<Fault>? plan = null, Features? features = null)
    {
        Seed = seed;
        World = new SimulatedWorld(seed, trace);
        _features = features ?? Features.Of(seed);
        Brokers = [.. Enumerable.Range(1, BrokerCount).Select(id => new SimulatedBroker(World, id, BrokerCount, _features, _leaders))];
        Plan = plan ?? FaultPlan.Of(World.Random, Hosts, ClientHosts, _features.Disks > 1);
    }

    public static ImmutableArray<string> Hosts { get; } = [.. Enumerable.Range(1, BrokerCount).Select(SimulatedBroker.HostOf)];

    public static ImmutableArray<string> ClientHosts { get; } = ["c1", "c2"];

    public int Seed { get; }
    public SimulatedWorld World { get; }
    public IReadOnlyList<Fault> Plan { get; }
    public ImmutableArray<SimulatedBroker> Brokers { get; }

    /// <summary>A run in a line: equal for equal runs.</summary>
    public static string Summary(int seed, Action<string>? trace = null)
    {
        using var run = new ClusterRun(seed, trace);
        var why = run.TryExecute();
        return string.Create(CultureInfo.InvariantCulture, $"{run} {run.World.TraceHash:x} {run._recorder.Hash:x}: {why ?? "well"}");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed}: {World.Steps} steps in {World.Now.TotalSeconds:F1} s, {_recorder.AcknowledgedCount} of "
        + $"{_recorder.ProducedCount} records, {_recorder.ConsumedCount} consumed ({_recorder.FollowerReads} from followers), "
        + $"{_recorder.CommitCount} offsets, "
        + $"{_recorder.GenerationCount} generations, {_leaders.Count} terms{_features}");

    public void Dispose()
    {
        World.Dispose();
        foreach (var broker in Brokers) broker.Dispose();
    }

    /// <returns>Null, or what went wrong, be it an exception of the run itself.</returns>
    public string? TryExecute()
    {
        try
        {
            return Execute();
        }
        catch (Exception e) // A finding as any other: it is told with its seed, and the other seeds run.
        {
            return Failed(e.ToString());
        }
    }

    /// <returns>Null, or what went wrong.</returns>
    private string? Execute()
    {
        if (Begin() is { } failed) return failed;
        var begin = World.Now;
        foreach (var fault in Plan)
        {
            Run(begin + TimeSpan.FromSeconds(fault.AtSeconds) - World.Now);
            if (Violation() is { } violated) return Failed(violated);
            Inflict(fault);
        }
        Run(begin + TimeSpan.FromSeconds(FaultPlan.LastFaultSeconds) - World.Now);
        World.Network.HealAll();
        foreach (var broker in Brokers)
        {
            if (broker.Node is { } node) World.Resume(node);
            broker.Disk.PowerFails = null;
            Mend(broker);
        }
        _recorder.IsEnding = true;
        var isWhole = RunUntil(() => IsWhole() && Undone() is null, SettleLimit);
        if (Violation() is { } violation) return Failed(violation);
        if (!isWhole) return Failed($"not whole {SettleLimit} after all was healed: {Verdict() ?? Undone()}");
        Run(Quiet);
        if ((Violation() ?? Verdict() ?? Stray()) is { } late) return Failed(late);
        var anomalies = HistoryChecker.Check(History());
        return anomalies.IsEmpty ? null : Failed(string.Join("\n  ", anomalies.Take(5)) + Count(anomalies.Length));
    }

    /// <summary>Starts all, until the cluster serves.</summary>
    /// <returns>Null, or what went wrong.</returns>
    public string? Begin()
    {
        for (var i = 0; i < BrokerCount; i++) Brokers[i].Start(i == 0 ? [1] : SeedsOf(Brokers[i]));
        StartClients();
        if (!RunUntil(() => IsWhole() && _recorder.ConsumedCount > 0, SettleLimit)) return Failed($"no cluster came to be: {Verdict()}");
        _recorder.HasBegun = true;
        return null;
    }

    private static string Count(int anomalies) =>
        anomalies > 5 ? string.Create(CultureInfo.InvariantCulture, $"\n  ... {anomalies} in all") : "";

    private string Failed(string why) => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed} at {World.Now.TotalSeconds:F1}s{_features}: {why}\n  {string.Join("\n  ", Plan)}");

    public static IEnumerable<int> SeedsOf(SimulatedBroker broker) =>
        Enumerable.Range(1, BrokerCount).Where(id => id != broker.Id.Value);

    private bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        for (var end = World.Now + limit; !condition();)
        {
            if (World.Now >= end || Violation() is not null) return false;
            Run(Look);
        }
        return true;
    }

    private void Run(TimeSpan time)
    {
        for (var end = World.Now + time; World.Now < end;)
        {
            World.RunFor(Look < end - World.Now ? Look : end - World.Now);
            Operate();
        }
    }

    /// <summary>What clients have still to do; null: nothing.</summary>
    private string? Undone() =>
        _producers.Exists(p => !p.IsDone) ? "producers are not done"
        : _features.Members > 0 && !_recorder.IsAtEnd(MembersGroup, Topic) ? "the group with members has not committed all"
        : _consumers.Exists(c => c.Consumer.Position < _recorder.AcknowledgedEnd(c.Partition)) ? "consumers are not at the end"
        : _administrator is { IsDone: false } ? "not all is where it was asked for last"
        : null;

    private string? Violation() => _recorder.Violations.FirstOrDefault() ?? _leaders.Violation;

    /// <summary>Starts again what has stopped, after a while. Nobody founds a cluster while a member of one lives: a newcomer asks
    /// the others, and only when all have forgotten, one is told to begin.</summary>
    private void Operate()
    {
        foreach (var broker in Brokers)
        {
            if (broker.IsRunning) continue;
            if (!_startAt.TryGetValue(broker, out var at)) _startAt[broker] = at = World.Now + TimeSpan.FromSeconds(1);
            if (World.Now < at) continue;
            _startAt.Remove(broker);
            broker.Disk.EndProcess();
            broker.Start(SeedsOf(broker));
        }
        foreach (var broker in _unclean.Keys.Where(b => !b.HasFailedDisk && !b.HasFullDisk && IsInSync(b)).ToArray())
        {
            if (_replaced == broker && !broker.Voter.Counts) continue;
            _unclean.Remove(broker);
            if (_replaced == broker) _replaced = null;
        }
        if (Brokers.Any(b => b.IsMember)) return;
        var first = Brokers.FirstOrDefault(b => b is { IsRunning: true, Node.State: NodeState.Running }
            && World.Now - b.StartedAt > TimeSpan.FromSeconds(5));
        first?.Found();
    }

    private bool IsWhole() => Verdict() is null;

    /// <summary>Null if all brokers serve, all replicas are in sync, and all brokers know it; or what is not so.</summary>
    private string? Verdict()
    {
        foreach (var broker in Brokers)
        {
            if (!broker.IsRunning) return $"{broker.Host} does not run{(broker.StartFailed is { } e ? $": {e.Message}" : "")}";
            var image = broker.Metadata;
            if (image.Topic(Topic) is null) return $"{broker.Host} knows no topic at version {image.Version}";
            if (image.Version != Brokers[0].Metadata.Version)
                return $"{broker.Host} is at version {image.Version}, {Brokers[0].Host} at {Brokers[0].Metadata.Version}";
            if (Brokers.FirstOrDefault(b => !image.IsActive(b.Id)) is { } away) return $"{broker.Host} knows {away.Host} as not active";
            var all = from topic in image.Topics.Values from partition in topic.Partitions select Verdict(topic.Name, partition);
            if (all.FirstOrDefault(verdict => verdict is not null) is { } bad) return bad;
        }
        return null;
    }

    private string? Verdict(string topic, PartitionImage partition)
    {
        if (partition.Leader.IsNone) return $"{topic}-{partition.Index} has no leader";
        if (partition.IsMoving) return $"{topic}-{partition.Index} is being moved to [{string.Join(',', partition.Replicas)}]";
        if (_administrator?.IsWhereAsked(new(topic, partition.Index), partition.Replicas) == false)
            return $"{topic}-{partition.Index} is on [{string.Join(',', partition.Replicas)}], which was not asked for last";
        return partition.Isr.Length == partition.Replicas.Length
            ? null
            : $"{topic}-{partition.Index} has [{string.Join(',', partition.Isr)}] in sync, led by {partition.Leader}";
    }

    /// <summary>Null, or who still has a replica that it should not have any more.</summary>
    private string? Stray() => (
        from broker in Brokers
        let mine = broker.Metadata.Topics.Values.SelectMany(t => t.Partitions.Where(p => p.Replicas.Contains(broker.Id))
            .Select(p => new TopicPartition(t.Name, p.Index).ToString())).ToHashSet()
        from folder in broker.Folders.SelectMany(broker.Disk.List)
        where IsReplica(folder) && !mine.Contains(folder.Name)
        select $"{broker.Host} still has {folder.Name}").FirstOrDefault();

    private static bool IsReplica(LogFileInfo folder) =>
        folder.IsDirectory && int.TryParse(folder.Name.AsSpan(folder.Name.LastIndexOf('-') + 1), CultureInfo.InvariantCulture, out _);

    /// <summary>As it knows itself, since this process of it has registered, and nobody knows anything newer.</summary>
    private bool IsInSync(SimulatedBroker broker)
    {
        var image = broker.Metadata;
        return image.Topics.Count > 0 && image.IsActive(broker.Id) && Brokers.All(b => b.Metadata.Version <= image.Version)
            && image.Topics.Values.All(t => t.Partitions.All(p => !p.Replicas.Contains(broker.Id) || p.Isr.Contains(broker.Id)));
    }

    private History History()
    {
        var image = Brokers[0].Metadata;
        return _recorder.History(
            from topic in image.Topics.Values
            where !topic.IsInternal
            from partition in topic.Partitions
            from broker in Brokers
            where partition.Replicas.Contains(broker.Id)
            let id = new TopicPartition(topic.Name, partition.Index)
            select DataDirectory.Read(
                broker.Disk, broker.Folders.Single(f => broker.Disk.DirectoryExists(Path.Combine(f, id.ToString()))), broker.Id, id),
            from topic in image.Topics.Values
            from partition in topic.Partitions
            select new InSyncReplicas(new(topic.Name, partition.Index), partition.Replicas, partition.Isr))
            with
        { Complete = _features.Members > 0 ? [new(MembersGroup, Topic)] : [] };
    }
}
