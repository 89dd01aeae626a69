using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Clients;

/// <summary>Commits how far consumers are, and now and then asks for it, as a program outside of any membership.</summary>
internal sealed class Committer(
    ClusterClient cluster, Recorder recorder, string name, IReadOnlyList<(TopicPartition Partition, Consumer Consumer)> consumers)
{
    private const short CommitVersion = 8, FetchVersion = 8;

    private readonly Coordinator _coordinator = new(cluster);
    private int _abandoned;

    private string Group => string.Create(CultureInfo.InvariantCulture, $"{name}{_abandoned}");

    private SimulatedWorld World => cluster.Node.World;

    public async Task RunAsync()
    {
        while (true)
        {
            await cluster.PauseAsync(1);
            if (!recorder.HasBegun) continue;
            try
            {
                if (await _coordinator.LinkAsync(Group) is not { } link) continue;
                var isFine = cluster.Node.Random.Next(3) == 0 ? await LookAsync(link) : await CommitAsync(link);
                if (isFine) continue;
            }
            catch (IOException)
            {
                // It looks for the coordinator anew.
            }
            _coordinator.Drop();
        }
    }

    private async Task<bool> CommitAsync(Link link)
    {
        var started = World.Now;
        OffsetCommitRequest.Partition[] commits =
            [.. consumers.Select(c => new OffsetCommitRequest.Partition(
                c.Partition.Partition, c.Consumer.Position, c.Consumer.PositionEpoch, ""))];
        OffsetCommitResponse answer;
        try
        {
            answer = await link.AskAsync(
                new OffsetCommitRequest { GroupId = Group, Topics = [new(consumers[0].Partition.Topic, commits)] },
                CommitVersion, TimeSpan.FromSeconds(8));
        }
        catch (IOException)
        {
            // It may still arrive some day, and set the offset back: from now on it is another group's.
            _abandoned++;
            throw;
        }
        var isFine = true;
        foreach (var (index, error) in answer.Topics[0].Partitions)
        {
            isFine &= error == ErrorCode.None;
            if (error == ErrorCode.None) Note("committed", index, commits.Single(c => c.Index == index).CommittedOffset, started);
        }
        return isFine;
    }

    private async Task<bool> LookAsync(Link link)
    {
        var started = World.Now;
        int[] indexes = [.. consumers.Select(c => c.Partition.Partition)];
        var answer = await link.AskAsync(
            new OffsetFetchRequest([new(Group, [new(consumers[0].Partition.Topic, indexes)])]), FetchVersion, ClusterClient.Timeout);
        var found = answer.Groups[0];
        if (found.ErrorCode != ErrorCode.None) return false;
        foreach (var partition in found.Topics[0].Partitions)
            if (partition.ErrorCode == ErrorCode.None) Note("found", partition.Index, partition.CommittedOffset, started);
        return true;
    }

    private void Note(string what, int index, Offset offset, TimeSpan started)
    {
        cluster.Say($"{Group}: {what} {offset} of partition {index}, asked for at {started.TotalSeconds:F6}");
        recorder.Offset(Group, consumers[0].Partition with { Partition = index }, offset, started, World.Now);
    }
}
