using ActorBroker.Checker;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>Makes a history of what the clients told and what is on the disks.</summary>
internal static class RecordedHistory
{
    public static History Of(
        string topic, Load load, Observer observer, IReadOnlyList<PartitionView> end, ChaosCluster stopped)
    {
        var seen = load.Groups
            .Select(group => (Group: group.Key, Events: group.Value.SelectMany(m => m.Events).OrderBy(e => e.At).ToList())).ToList();
        return new(
            [.. load.Producers.SelectMany(producer => Attempts(topic, producer.Events))],
            [
                .. seen.SelectMany(of => of.Events.Where(e => e.Event == "record")
                    .Select(e => new ConsumedRecord(of.Group, new(topic, e.Partition), new(e.Offset), e.Value))),
            ],
            [
                .. seen.SelectMany(of => of.Events.Where(e => e.Event is "committed" or "fetched")
                    .Select(e => new OffsetEvent(of.Group, new(topic, e.Partition), new(e.Offset), e.Started, e.At))),
            ],
            [
                .. end.Where(p => p.Topic == topic).SelectMany(p => p.Replicas.Select(id => DataDirectory.Read(
                    PhysicalFileSystem.Instance, stopped[id.Value].Data, id, new(topic, p.Partition)))),
            ],
            [.. end.Select(p => new InSyncReplicas(new(p.Topic, p.Partition), [.. p.Replicas], [.. p.Isr]))])
        {
            Leaders = [.. observer.Leaders],
            Ends = [.. observer.Ends],
        };
    }

    private static IEnumerable<ProduceAttempt> Attempts(string topic, IReadOnlyList<ClientEvent> events)
    {
        var acknowledged = events.Where(e => e.Event == "acked").ToDictionary(e => e.Value!);
        foreach (var sent in events.Where(e => e.Event == "sent"))
            yield return new(sent.Key!, sent.Value!, IsIdempotent: true,
                acknowledged.TryGetValue(sent.Value!, out var ack) ? new(new(topic, ack.Partition), new(ack.Offset)) : null);
    }
}
