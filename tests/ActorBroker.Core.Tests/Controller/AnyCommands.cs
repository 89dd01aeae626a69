using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using FsCheck.Fluent;
using Gens = FsCheck.Fluent.Gen;

namespace ActorBroker.Core.Tests.Controller;

/// <summary>Everything that may be asked of a controller, in any order.</summary>
internal static class AnyCommands
{
    public static FsCheck.Gen<ClusterCommand[]> All
    {
        get
        {
            var name = Gens.Elements("a", "b", "c.d", "c_d", "bad name", TopicImage.ConsumerOffsets);
            var id = 1000;
            var create = from n in name
                         from partitions in Gens.Choose(-1, 5)
                         from replicas in Gens.Choose(-1, 4)
                         from validate in Gens.Elements(false, false, true)
                         select (ClusterCommand)new ClusterCommand.CreateTopics(
                             [NewTopic.Named(n, new TopicId((UInt128)Interlocked.Increment(ref id)), partitions, replicas,
                                 new KeyValuePair<string, string?>("retention.ms", "7"))], validate);
            var delete = from n in name select (ClusterCommand)new ClusterCommand.DeleteTopics([new TopicRef(n, TopicId.None)]);
            var grow =
                from n in name
                from count in Gens.Choose(0, 8)
                select (ClusterCommand)new ClusterCommand.CreatePartitions(
                    [new MorePartitions(n, count, default)]);
            var configure = from n in name
                            from operation in Gens.Elements(Enum.GetValues<ConfigOperation>())
                            from key in Gens.Elements("cleanup.policy", "retention.ms", "nonsense")
                            from value in Gens.Elements("compact", "5", "delete")
                            from replace in Gens.Elements(false, true)
                            select (ClusterCommand)new ClusterCommand.ChangeConfigs(
                                [new ConfigChange(ConfigResource.Topic(n), [new ConfigEdit(key, operation, value)], replace)]);
            var register = from b in Gens.Choose(0, 4)
                           select (ClusterCommand)new ClusterCommand.RegisterBroker(
                               new BrokerId(b), ImmutableArray<BrokerEndpoint>.Empty, null, "other");
            var ids =
                from b in Gens.Choose(0, 2) select (ClusterCommand)new ClusterCommand.AllocateProducerIds(new BrokerId(b), 10);
            return Gens.OneOf(
                create, create, delete, grow, configure, register, ids, Broker, Broker, Isr, Isr, Elect, Move, Move, Storage, Storage).ArrayOf();
        }
    }

    private static FsCheck.Gen<BrokerId> Id => Gens.Choose(0, 4).Select(id => new BrokerId(id));

    private static FsCheck.Gen<string> Topic => Gens.Elements("a", "b", "c.d");

    private static FsCheck.Gen<ClusterCommand> Broker => Gens.OneOf(
        from b in Id
        from epoch in Gens.Choose(1, 3)
        from change in Gens.Elements(Enum.GetValues<BrokerChange>())
        select (ClusterCommand)new ClusterCommand.ChangeBroker(b, epoch, change),
        from b in Id
        from epoch in Gens.Choose(-1, 3)
        from fenced in Gens.Elements(false, true)
        select (ClusterCommand)new ClusterCommand.RegisterBroker(b, [], "r", "c", PreviousEpoch: epoch, IsFenced: fenced),
        from b in Id
        from forget in Gens.Elements(false, false, true)
        select forget ? new ClusterCommand.UnregisterBroker(b) : (ClusterCommand)new ClusterCommand.DecommissionBroker(b));

    /// <summary>Asked by whoever leads then, with what is then; see <see cref="Now"/>.</summary>
    private static FsCheck.Gen<ClusterCommand> Isr =>
        from id in Gens.Choose(1, 9)
        from partition in Gens.Choose(0, 3)
        from isr in Id.ArrayOf(3)
        select (ClusterCommand)new ClusterCommand.AlterPartition(
            BrokerId.None, -1,
            [new(new TopicId((UInt128)id), partition, Epoch.Zero, 0, [.. isr.Distinct().Select(r => new InSyncReplica(r, -1))])]);

    private static FsCheck.Gen<ClusterCommand> Storage =>
        from b in Id
        from epoch in Gens.Choose(1, 3)
        from id in Gens.Choose(1, 9)
        from partition in Gens.Choose(0, 3)
        from isOffline in Gens.Elements(false, true)
        select (ClusterCommand)new ClusterCommand.ReportReplicas(
            b, epoch, [new ReplicaStorage(new TopicId((UInt128)id), partition, isOffline)]);

    private static FsCheck.Gen<ClusterCommand> Elect =>
        from type in Gens.Elements(Enum.GetValues<ElectionType>())
        from topic in Topic
        from all in Gens.Elements(false, true)
        select (ClusterCommand)new ClusterCommand.ElectLeaders(type, all ? default : [new TopicPartition(topic, 0)]);

    private static FsCheck.Gen<ClusterCommand> Move =>
        from topic in Topic
        from partition in Gens.Choose(0, 2)
        from replicas in Id.ArrayOf(2)
        from off in Gens.Elements(false, false, true)
        select (ClusterCommand)new ClusterCommand.AlterReassignments(
            [new Reassignment(new TopicPartition(topic, partition), off ? default : [.. replicas.Distinct()])]);

    /// <summary>The command as a leader would send it that knows the image, and wants itself in the ISR.</summary>
    public static ClusterCommand Now(ClusterCommand command, MetadataImage image)
    {
        if (command is ClusterCommand.ReportReplicas { Replicas: [var replica] } report && image.Topics.Count > 0)
        {
            var named = image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
                .ElementAt((int)(ulong)replica.Topic.Value % image.Topics.Count);
            return report with { Replicas = [replica with { Topic = named.Id }] };
        }
        if (command is not ClusterCommand.AlterPartition { Partitions: [var change] } alter) return command;
        if (image.Topics.Count == 0) return command;
        var topic = image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
            .ElementAt((int)(ulong)change.Topic.Value % image.Topics.Count);
        var now = topic.Partitions[change.Partition % topic.Partitions.Length];
        var isr = change.Isr.RemoveAll(r => r.Broker == now.Leader).Add(new(now.Leader, -1));
        return alter with
        {
            Broker = now.Leader,
            BrokerEpoch = image.Brokers.GetValueOrDefault(now.Leader)?.Epoch ?? -1,
            Partitions = [new(topic.Id, now.Index, now.LeaderEpoch, now.PartitionEpoch, isr)],
        };
    }
}
