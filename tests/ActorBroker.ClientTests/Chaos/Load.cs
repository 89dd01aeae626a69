using System.Diagnostics;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>Idempotent producers that write with acks=all, and groups that read: real clients, which go on whatever happens.</summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly string[] _groups = ["librdkafka", "kafkajs"];
    private readonly int _partitions;

    private Load(string bootstrap, string topic, int partitions)
    {
        _partitions = partitions;
        Producers =
        [
            HistoryClient.Produce(bootstrap, topic, partitions, "p1"),
            HistoryClient.Produce(bootstrap, topic, partitions, "p2"),
            HistoryClient.Produce(bootstrap, topic, partitions, "p3", ClientKind.KafkaJs),
        ];
        Groups = new Dictionary<string, IReadOnlyList<HistoryClient>>
        {
            [_groups[0]] =
            [
                HistoryClient.Join(bootstrap, topic, _groups[0]), HistoryClient.Join(bootstrap, topic, _groups[0]),
            ],
            [_groups[1]] = [HistoryClient.Join(bootstrap, topic, _groups[1], ClientKind.KafkaJs)],
        };
    }

    public IReadOnlyList<HistoryClient> Producers { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<HistoryClient>> Groups { get; }

    public IEnumerable<HistoryClient> All => Producers.Concat(Groups.Values.SelectMany(members => members));

    public static Load Start(string bootstrap, string topic, int partitions) => new(bootstrap, topic, partitions);

    /// <summary>Waits until each producer has written to each partition what it began to send after now.</summary>
    /// <exception cref="TimeoutException">Some partition takes nothing.</exception>
    public Task GoOnAsync() => GoOnAsync(since: Stopwatch.GetTimestamp());

    /// <param name="since">On the clock of <see cref="Stopwatch"/>; what was sent later counts.</param>
    /// <exception cref="TimeoutException">Some partition takes nothing.</exception>
    public Task GoOnAsync(long since) => Eventually.TrueAsync(
        () => !Stuck(since).Any(), () => $"Nothing is written: {string.Join(", ", Stuck(since))}\n{Errors()}");

    /// <summary>Lets the producers have all their answers, and the groups read all that was acknowledged; then all end.</summary>
    /// <returns>What clients complained of for which there is no excuse.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        var failed = new List<string>();
        await Task.WhenAll(Producers.Select(producer => EndAsync(producer, failed)));
        foreach (var (group, members) in Groups)
            await Eventually.TrueAsync(
                () => !Unread(members).Any(),
                () => $"Not consumed by {group}: {string.Join(',', Unread(members).Take(10))}\n{Errors()}");
        await Task.WhenAll(Groups.Values.SelectMany(members => members).Select(member => EndAsync(member, failed)));
        return failed;
    }

    public string Errors() => string.Join('\n', All
        .Select(client => client.Errors + string.Join('\n', client.Events.Where(e => e.Event == "error").TakeLast(10))));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in All) await client.DisposeAsync();
    }

    private static async Task EndAsync(HistoryClient client, List<string> failed)
    {
        try
        {
            await client.EndAsync();
        }
        catch (ProcessFailedException e)
        {
            lock (failed) failed.Add(e.Message);
        }
    }

    private IEnumerable<string> Stuck(long since) =>
        from producer in Producers
        let acked = producer.AckedSentAt
        from partition in Enumerable.Range(0, _partitions)
        where acked.GetValueOrDefault(partition) <= since
        select $"by {producer.Name} to {partition}";

    private IEnumerable<string> Unread(IReadOnlyList<HistoryClient> members) =>
        Producers.SelectMany(p => p.Events).Where(e => e.Event == "acked").Select(e => e.Value!)
            .Except(members.SelectMany(m => m.Events).Where(e => e.Event == "record").Select(e => e.Value!));
}
