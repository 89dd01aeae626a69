using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>What becomes of partitions when brokers come and go.</summary>
internal static class BrokerRules
{
    public static Decision Register(MetadataImage image, ClusterCommand.RegisterBroker command, ControllerPolicy policy)
    {
        var id = command.Broker;
        var clusterId = image.ClusterId.Length == 0 ? command.NewClusterId : image.ClusterId;
        var before = image.Brokers.GetValueOrDefault(id);
        var isRepeated = before is not null && command.Incarnation != 0 && before.Incarnation == command.Incarnation;
        if (isRepeated) return new Decision([], new ClusterCommand.RegisterBroker.Answer(clusterId, before!.Epoch));
        if (before is not null && command.RivalIsAlive)
            return new Decision(
                [],
                new ClusterCommand.RegisterBroker.Answer(clusterId, -1, new Verdict(
                    ErrorCode.DuplicateBrokerRegistration, $"Another process is broker {id}: give one another broker.id.")));

        var sweep = new PartitionSweep(image, policy);
        if (image.ClusterId.Length == 0) sweep.Add(new MetadataEvent.ClusterCreated(clusterId));
        var epoch = (before?.Epoch ?? 0) + 1;
        sweep.Add(new MetadataEvent.BrokerRegistered(
            new BrokerImage(id, epoch, command.Endpoints, command.Rack)
            {
                Incarnation = command.Incarnation,
                IsFenced = command.IsFenced,
                IsDraining = before?.IsDraining ?? false,
            }));
        var isClean = before is not null && command.PreviousEpoch == before.Epoch;
        sweep.All(p => p.Replicas.Contains(id) ? Returned(p, id, isClean, command.IsFenced) : null);
        return new Decision(sweep.Events, new ClusterCommand.RegisterBroker.Answer(clusterId, epoch));
    }

    /// <summary>
    /// A broker that comes back starts a new term in all that it led: what it had not flushed may be gone, and whoever saw those
    /// records must be able to tell the old ones from what takes their offsets.
    /// </summary>
    /// <remarks>If it may have lost something, it is neither in sync nor eligible, as long as there are others that are; it is
    /// then filled anew from them. Storage that had failed may be there again; if it is not, the broker says so.</remarks>
    private static PartitionEdit Returned(PartitionImage p, BrokerId id, bool isClean, bool isFenced)
    {
        var edit = PartitionEdit.Of(p) with { NewTerm = p.Leader == id, Offline = p.Offline.Remove(id) };
        if (isFenced) edit = edit with { Isr = p.Isr.Remove(id) };
        if (isClean) return edit;
        var othersHoldAll = p.Isr.Any(r => r != id) || p.Elr.Any(r => r != id);
        return edit with { Isr = othersHoldAll ? edit.Isr.Remove(id) : edit.Isr, Forgetful = id };
    }

    public static Decision Change(MetadataImage image, ClusterCommand.ChangeBroker command, ControllerPolicy policy)
    {
        var verdict = Find(image, command.Broker, out var broker);
        if (verdict.IsOk && broker!.Epoch != command.Epoch)
            verdict = new Verdict(
                ErrorCode.StaleBrokerEpoch, $"Broker {broker.Id} has registered again since, with epoch {broker.Epoch}.");
        if (!verdict.IsOk) return new Decision([], new ClusterCommand.ChangeBroker.Answer(verdict, 0));

        var sweep = new PartitionSweep(image, policy);
        var next = command.Change switch
        {
            BrokerChange.Fence => broker! with { IsFenced = true },
            BrokerChange.Unfence => broker! with { IsFenced = false },
            BrokerChange.Stop => broker! with { IsStopping = true },
            _ => broker! with { IsDraining = false },
        };
        if (next != broker)
            sweep.Add(new MetadataEvent.BrokerChanged(next.Id, next.Epoch, next.IsFenced, next.IsStopping, next.IsDraining));
        switch (command.Change)
        {
            case BrokerChange.Fence:
                sweep.All(p => p.Replicas.Contains(next.Id) ? PartitionEdit.Without(p, next.Id) : null);
                break;
            case BrokerChange.Unfence:
                sweep.All(p => p.Leader.IsNone && p.Replicas.Contains(next.Id) ? PartitionEdit.Of(p) : null);
                break;
            // What nobody else can lead stays with it to the end.
            case BrokerChange.Stop:
                sweep.All(
                    p => p.Isr.Contains(next.Id) && p.Isr.Any(sweep.Image.IsActive) ? PartitionEdit.Without(p, next.Id) : null);
                break;
        }
        // Those whose other replicas are all gone too can only wait for these.
        var leads = sweep.Image.Topics.Values.Sum(t => t.Partitions.Count(
            p => p.Leader == next.Id && p.Replicas.Any(r => r != next.Id && sweep.Image.IsActive(r))));
        return new Decision(sweep.Events, new ClusterCommand.ChangeBroker.Answer(Verdict.Ok, leads));
    }

    public static Decision Unregister(MetadataImage image, ClusterCommand.UnregisterBroker command)
    {
        var verdict = Find(image, command.Broker, out var broker);
        if (verdict.IsOk && !broker!.IsFenced)
            verdict = new Verdict(ErrorCode.InvalidRequest, $"Broker {broker.Id} is running. Stop it first.");
        var replicas = image.Topics.Values.Sum(t => t.Partitions.Count(p => p.Replicas.Contains(command.Broker)));
        if (verdict.IsOk && replicas > 0)
            verdict = new Verdict(
                ErrorCode.InvalidRequest, $"Broker {command.Broker} has {replicas} replicas. Decommission it first.");
        return new Decision(
            verdict.IsOk ? [new MetadataEvent.BrokerUnregistered(command.Broker)] : [],
            new ClusterCommand.UnregisterBroker.Answer(verdict));
    }

    public static Verdict Find(MetadataImage image, BrokerId id, out BrokerImage? broker) =>
        image.Brokers.TryGetValue(id, out broker)
            ? Verdict.Ok
            : new Verdict(
                ErrorCode.BrokerIdNotRegistered, $"There is no broker {id}; there are {string.Join(", ", image.Brokers.Keys)}.");
}
