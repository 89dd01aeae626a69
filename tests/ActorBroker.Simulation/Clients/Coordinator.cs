using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Simulation.Clients;

/// <summary>The way to a group's coordinator, which moves.</summary>
internal sealed class Coordinator(ClusterClient cluster)
{
    private const short FindVersion = 4;

    private Link? _link;

    /// <summary>A connection to it; null while nobody knows it.</summary>
    /// <exception cref="IOException">It can't be reached.</exception>
    public async Task<Link?> LinkAsync(string group) =>
        _link is { IsClosed: false } open ? open : _link = await FindAsync(group);

    /// <summary>It is looked for anew.</summary>
    public void Drop()
    {
        _link?.Dispose();
        _link = null;
    }

    private async Task<Link?> FindAsync(string group)
    {
        using var any = await cluster.ConnectAnyAsync();
        var answer = await any.AskAsync(
            new FindCoordinatorRequest(CoordinatorType.Group, [group]), FindVersion, TimeSpan.FromSeconds(10));
        var found = answer.Coordinators[0];
        if (found.ErrorCode != ErrorCode.None) return null;
        cluster.Say($"{group}: {found.Host} is its coordinator");
        return await Link.ConnectAsync(cluster.Node, found.Host, found.Port, ClusterClient.Timeout);
    }
}
