using System.Collections.Immutable;
using ActorBroker.Checker;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>Makes a history of what the clients told and what is on the disks.</summary>
internal static class RecordedHistory
{
    public static History Of(
        string topic, string group, IEnumerable<HistoryClient> producers, IEnumerable<HistoryClient> members,
        IReadOnlyList<PartitionView> end, ChaosCluster stopped)
    {
        var seen = members.SelectMany(member => member.Events).OrderBy(e => e.At).ToList();
        return new(
            [.. producers.SelectMany(producer => Attempts(topic, producer.Events))],
            [
                .. seen.Where(e => e.Event == "record")
                    .Select(e => new ConsumedRecord(group, new(topic, e.Partition), new(e.Offset), e.Value)),
            ],
            [
                .. seen.Where(e => e.Event is "committed" or "fetched")
                    .Select(e => new OffsetEvent(group, new(topic, e.Partition), new(e.Offset), e.Started, e.At)),
            ],
            [
                .. end.Where(p => p.Topic == topic).SelectMany(p => p.Replicas.Select(id => DataDirectory.Read(
                    PhysicalFileSystem.Instance, stopped[id].Data, new(id), new(topic, p.Partition)))),
            ],
            [.. end.Select(p => new InSyncReplicas(new(p.Topic, p.Partition), Ids(p.Replicas), Ids(p.Isr)))]);
    }

    private static IEnumerable<ProduceAttempt> Attempts(string topic, IReadOnlyList<ClientEvent> events)
    {
        var acknowledged = events.Where(e => e.Event == "acked").ToDictionary(e => e.Value!);
        foreach (var sent in events.Where(e => e.Event == "sent"))
            yield return new(sent.Key!, sent.Value!, IsIdempotent: true,
                acknowledged.TryGetValue(sent.Value!, out var ack) ? new(new(topic, ack.Partition), new(ack.Offset)) : null);
    }

    private static ImmutableArray<BrokerId> Ids(int[] ids) => [.. ids.Select(id => new BrokerId(id))];
}
