using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Controller;

/// <summary>A controller in a test: what it decided, and the state that follows.</summary>
internal sealed record Clusters
{
    private UInt128 _nextId = 1;

    public List<MetadataEvent> Events { get; } = [];

    public ClusterState State { get; private set; } = ClusterState.Empty;

    public static readonly ControllerPolicy DefaultPolicy = new(1, 1, true, new BrokerSettings(
        ImmutableDictionary<string, string>.Empty,
        ImmutableDictionary<string, string>.Empty.Add("log.cleanup.policy", "delete").Add("log.retention.hours", "168"),
        _ => ""));

    public ControllerPolicy Policy { get; init; } = DefaultPolicy;

    public MetadataImage Image => State.Image;

    public static Clusters Of(int brokers, Func<int, string?>? rack = null)
    {
        var cluster = new Clusters();
        for (var id = 0; id < brokers; id++) cluster.Register(id, rack?.Invoke(id));
        return cluster;
    }

    public void Register(int id, string? rack = null) =>
        Do(new ClusterCommand.RegisterBroker(new BrokerId(id), [new BrokerEndpoint("PLAINTEXT", "h", 9092)], rack, "cluster"));

    /// <summary>Registers a broker that was stopped cleanly, or kept all it had.</summary>
    public void RegisterClean(int id, string? rack = null) => Do(new ClusterCommand.RegisterBroker(
        new BrokerId(id), [], rack, "cluster", PreviousEpoch: Image.Brokers[new BrokerId(id)].Epoch));

    public ClusterCommand.ChangeBroker.Answer Change(int id, BrokerChange change) =>
        Assert.IsType<ClusterCommand.ChangeBroker.Answer>(
            Do(new ClusterCommand.ChangeBroker(new BrokerId(id), Image.Brokers[new BrokerId(id)].Epoch, change)));

    public PartitionImage Partition(string topic, int index = 0) => Image.Topic(topic)!.Partitions[index];

    /// <summary>A topic of one partition on these brokers.</summary>
    public void CreateOn(string name, params int[] replicas) => Assert.True(Create(new NewTopic(
        name, new TopicId(_nextId++), -1, -1,
        ImmutableSortedDictionary<int, ImmutableArray<BrokerId>>.Empty.Add(0, [.. replicas.Select(r => new BrokerId(r))]), []))
        .Verdict.IsOk);

    /// <summary>The leader asks for this ISR, and knows all that there is to know.</summary>
    public ErrorCode Alter(string topic, params int[] isr)
    {
        var now = Partition(topic);
        return Alter(now.Leader.Value, new IsrChange(
            Image.Topic(topic)!.Id, 0, now.LeaderEpoch, now.PartitionEpoch,
            [.. isr.Select(r => new InSyncReplica(new BrokerId(r), -1))]));
    }

    public ErrorCode Alter(int broker, IsrChange change)
    {
        var answer = Assert.IsType<ClusterCommand.AlterPartition.Answer>(Do(new ClusterCommand.AlterPartition(
            new BrokerId(broker), Image.Brokers.GetValueOrDefault(new BrokerId(broker))?.Epoch ?? -1, [change])));
        return answer.Error == ErrorCode.None ? Assert.Single(answer.Partitions).Error : answer.Error;
    }

    /// <summary>The broker says that the storage of its replica of that topic failed, or is there again.</summary>
    public ErrorCode Report(int broker, string topic, bool isOffline) =>
        Assert.IsType<ClusterCommand.ReportReplicas.Answer>(Do(new ClusterCommand.ReportReplicas(
            new BrokerId(broker), Image.Brokers[new BrokerId(broker)].Epoch,
            [new ReplicaStorage(Image.Topic(topic)!.Id, 0, isOffline)]))).Error;

    public ErrorCode Elect(ElectionType type, string topic) =>
        Assert.Single(Assert.IsType<ClusterCommand.ElectLeaders.Answer>(
            Do(new ClusterCommand.ElectLeaders(type, [new TopicPartition(topic, 0)]))).Partitions).Verdict.Error;

    /// <param name="replicas">None: call it off.</param>
    public ErrorCode Move(string topic, params int[] replicas) =>
        Assert.Single(Assert.IsType<ClusterCommand.AlterReassignments.Answer>(Do(new ClusterCommand.AlterReassignments([
            new Reassignment(
                new TopicPartition(topic, 0), replicas.Length == 0 ? default : [.. replicas.Select(r => new BrokerId(r))])])))
            .Partitions).Verdict.Error;

    public ClusterAnswer Do(ClusterCommand command)
    {
        var decision = State.Handle(command, Policy);
        foreach (var change in decision.Events) State = State.Apply(change);
        Events.AddRange(decision.Events);
        return decision.Answer;
    }

    public NewTopic New(string name, int partitions = -1, int replicas = -1, params KeyValuePair<string, string?>[] configs) =>
        NewTopic.Named(name, new TopicId(_nextId++), partitions, replicas, configs);

    public TopicResult Create(
        string name, int partitions = -1, int replicas = -1, params KeyValuePair<string, string?>[] configs) =>
        Create(New(name, partitions, replicas, configs));

    public TopicResult Create(NewTopic topic) =>
        Assert.Single(Assert.IsType<ClusterCommand.CreateTopics.Answer>(Do(new ClusterCommand.CreateTopics([topic]))).Topics);

    public TopicResult Delete(string name) =>
        Assert.Single(
            Assert.IsType<ClusterCommand.DeleteTopics.Answer>(
                Do(new ClusterCommand.DeleteTopics([new TopicRef(name, TopicId.None)]))).Topics);

    public TopicResult Grow(string name, int count, ImmutableArray<ImmutableArray<BrokerId>> assignment = default) =>
        Assert.Single(Assert.IsType<ClusterCommand.CreatePartitions.Answer>(
            Do(new ClusterCommand.CreatePartitions([new MorePartitions(name, count, assignment)]))).Topics);

    public Verdict Configure(ConfigResource resource, bool replace, params ConfigEdit[] edits) =>
        Assert.Single(Assert.IsType<ClusterCommand.ChangeConfigs.Answer>(
            Do(new ClusterCommand.ChangeConfigs([new ConfigChange(resource, [.. edits], replace)]))).Resources).Verdict;

    public static string Show(PartitionImage p) =>
        $"{p.Index} {Ids(p.Replicas)} isr {Ids(p.Isr)} elr {Ids(p.Elr)} +{Ids(p.Adding)} -{Ids(p.Removing)} "
        + $"{p.Leader}({p.LastLeader}) {p.LeaderEpoch} {p.PartitionEpoch}{(p.Offline.IsEmpty ? "" : $" off {Ids(p.Offline)}")}";

    public static string Ids(IEnumerable<BrokerId> ids) => $"[{string.Join(",", ids)}]";

    /// <summary>All of a state as text, so that two states can be compared.</summary>
    public static string Show(ClusterState state)
    {
        var text = new StringBuilder();
        var image = state.Image;
        text.AppendLine(CultureInfo.InvariantCulture, $"{image.ClusterId} v{image.Version} ids {state.NextProducerId}");
        foreach (var b in image.Brokers.Values)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{b.Id} {b.Epoch} {b.Rack} {string.Join(",", b.Endpoints)} {b.Incarnation}"
                + $" {b.IsFenced} {b.IsStopping} {b.IsDraining}");
        foreach (var t in image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            Assert.Same(t, image.Topic(t.Id));
            text.AppendLine(CultureInfo.InvariantCulture, $"{t.Name} {t.Id}");
            foreach (var p in t.Partitions) text.AppendLine(CultureInfo.InvariantCulture, $"  {Show(p)}");
        }
        foreach (var (resource, configs) in image.Configs.OrderBy(c => (c.Key.Type, c.Key.Name)))
            text.AppendLine(CultureInfo.InvariantCulture, $"{resource.Type} {resource.Name}: {string.Join(",", configs)}");
        return text.ToString();
    }
}
