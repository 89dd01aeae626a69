using System.Globalization;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Clients;

/// <summary>Commits how far consumers are, and now and then asks for it, as a program outside of any membership.</summary>
internal sealed class Committer(
    ClusterClient cluster, Recorder recorder, string name, IReadOnlyList<(TopicPartition Partition, Consumer Consumer)> consumers)
{
    private const short CommitVersion = 8, FetchVersion = 8, FindVersion = 4;

    private Link? _link;
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
                _link = _link is { IsClosed: false } ? _link : await FindAsync();
                if (_link is null) continue;
                var isFine = cluster.Node.Random.Next(3) == 0 ? await LookAsync(_link) : await CommitAsync(_link);
                if (isFine) continue;
            }
            catch (IOException)
            {
                // It looks for the coordinator anew.
            }
            _link?.Dispose();
            _link = null;
        }
    }

    private async Task<Link?> FindAsync()
    {
        using var any = await cluster.ConnectAnyAsync();
        var answer = await any.AskAsync(
            new FindCoordinatorRequest(CoordinatorType.Group, [Group]), FindVersion, TimeSpan.FromSeconds(10));
        var found = answer.Coordinators[0];
        return found.ErrorCode == ErrorCode.None
            ? await ConnectAsync(found)
            : null;
    }

    private Task<Link> ConnectAsync(in FindCoordinatorResponse.Coordinator found)
    {
        cluster.Say($"{Group}: {found.Host} is its coordinator");
        return Link.ConnectAsync(cluster.Node, found.Host, found.Port, ClusterClient.Timeout);
    }

    private async Task<bool> CommitAsync(Link link)
    {
        var started = World.Now;
        OffsetCommitRequest.Partition[] commits =
            [.. consumers.Select(c => new OffsetCommitRequest.Partition(c.Partition.Partition, c.Consumer.Position, Epoch.None, ""))];
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
