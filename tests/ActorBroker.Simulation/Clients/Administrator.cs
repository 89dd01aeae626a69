using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Simulation.Clients;

/// <summary>What an administrator needs to know of the run.</summary>
/// <param name="MayDelete">Up to where all who want to have consumed a partition.</param>
/// <param name="MadePartition">The topic has one more.</param>
/// <param name="MustFlush">All brokers may lose power at once: what is acknowledged must be on the disks.</param>
internal sealed record AdministratorView(
    Func<TopicPartition, Offset> MayDelete, Action<TopicPartition> MadePartition, bool MustFlush);

/// <summary>Has topics made and deleted, partitions added and moved to other brokers, configs changed, leaders elected and records
/// deleted, whatever happens to the cluster meanwhile; asks any broker. In the end it has every partition moved a last time.</summary>
internal sealed partial class Administrator(ClusterClient cluster, Recorder recorder, AdministratorView view, string topic, int brokers)
{
    /// <summary>What arrives late must not undo what it asks for last.</summary>
    private const double LateSeconds = 8;

    private const int MaxPartitions = 3;

    /// <summary>Made and deleted again and again, by one name.</summary>
    public const string Reused = "reused";

    private readonly Dictionary<TopicPartition, BrokerId[]> _final = [];
    private int _topics;

    /// <summary>All moves that it asked for last are done.</summary>
    public bool IsDone { get; private set; }

    private Random Random => cluster.Node.Random;

    public async Task RunAsync()
    {
        while (!recorder.HasBegun) await cluster.PauseAsync(1);
        while (!recorder.IsEnding)
        {
            await cluster.PauseAsync(2);
            await TryAsync(ActAsync);
        }
        await cluster.PauseAsync(LateSeconds);
        while (!IsDone)
        {
            await TryAsync(FinishAsync);
            await cluster.PauseAsync(1);
        }
    }

    /// <summary>Whether a partition has the replicas that were asked for last, in their order.</summary>
    public bool IsWhereAsked(TopicPartition partition, IEnumerable<BrokerId> replicas) =>
        !_final.TryGetValue(partition, out var asked) || asked.SequenceEqual(replicas);

    private static async Task TryAsync(Func<Link, Task> ask, Link link)
    {
        using (link) await ask(link);
    }

    private async Task TryAsync(Func<Link, Task> ask)
    {
        try
        {
            await TryAsync(ask, await cluster.ConnectAnyAsync());
        }
        catch (IOException)
        {
            // It may have happened or not.
        }
    }

    private Task ActAsync(Link link) => Random.Next(20) switch
    {
        < 7 => MoveAsync(link, Any()),
        < 9 => ElectAsync(link),
        < 11 => AddPartitionAsync(link),
        < 14 => ConfigureAsync(link),
        < 15 => CreateAsync(link, FormattableString.Invariant($"x{_topics++}"), isUsed: true),
        < 18 => Random.Next(2) == 0 ? CreateAsync(link, Reused, isUsed: false) : DeleteTopicAsync(link, Reused),
        _ => DeleteRecordsAsync(Any(topic)),
    };

    /// <summary>Now and then it thinks better of it.</summary>
    private async Task MoveAsync(Link link, TopicPartition partition)
    {
        await MoveAsync(link, partition, Replicas());
        if (Random.Next(3) == 0) await MoveAsync(link, partition, null);
    }

    private TopicPartition Any() => Any(Random.Next(4) == 0 ? "__consumer_offsets" : topic);

    private TopicPartition Any(string of) => new(of, Random.Next(Math.Max(1, cluster.PartitionsOf(of))));

    /// <summary>All brokers, or all but one, in any order.</summary>
    private BrokerId[] Replicas()
    {
        BrokerId[] all = [.. Enumerable.Range(1, brokers).Select(id => new BrokerId(id))];
        Random.Shuffle(all);
        return Random.Next(3) == 0 ? all[..^1] : all;
    }

    /// <summary>Asks for what is not yet as it shall be.</summary>
    private async Task FinishAsync(Link link)
    {
        var known = await cluster.MetadataAsync(link, null);
        var isDone = true;
        foreach (var found in known.Topics.Where(t => t.Name == topic || t.IsInternal))
            foreach (var partition in found.Partitions)
            {
                var id = new TopicPartition(found.Name!, partition.Index);
                if (!_final.TryGetValue(id, out var asked)) _final.Add(id, asked = Replicas());
                if (asked.SequenceEqual(partition.ReplicaNodes)) continue;
                isDone = false;
                await MoveAsync(link, id, asked);
            }
        IsDone = isDone;
    }

    /// <summary>No request may surprise a broker.</summary>
    private void Check(string what, ErrorCode error, string? message = null)
    {
        cluster.Say($"administrator: {error} for {what}");
        if (error is ErrorCode.UnknownServerError)
            recorder.Violations.Add($"{what} was answered with an unknown error: {message}");
    }
}
