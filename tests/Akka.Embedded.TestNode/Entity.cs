using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Akka.Embedded.TestNode;

/// <summary>Says when it starts and stops, and answers with the port of its node.</summary>
internal sealed class Entity : UntypedActor
{
    private readonly int _port = Akka.Cluster.Cluster.Get(Context.System).SelfAddress.Port ?? 0;

    public static Props Props() => Akka.Actor.Props.Create(() => new Entity());

    protected override void PreStart() => Say.Line($"entity {Self.Path.Name} started");

    protected override void PostStop() => Say.Line($"entity {Self.Path.Name} stopped");

    protected override void OnReceive(object message) => Sender.Tell($"{Self.Path.Name}@{_port}");
}

/// <summary>A text is the id of an entity, and the message to it.</summary>
internal sealed class ByText(int shards) : HashCodeMessageExtractor(shards)
{
    public override string EntityId(object message) => (message as string)!;
}

/// <summary>Asks entities until each has answered; then says who answered from where.</summary>
internal static class Questions
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2); // The test's own ends before.

    public static void Ask(IActorRef region, int count)
    {
        var answers = Task.WhenAll(Enumerable.Range(0, count).Select(id => Ask(region, id.ToString())));
        Say.Line($"entities {string.Join(',', answers.Result)}");
    }

    private static async Task<string> Ask(IActorRef region, string id)
    {
        for (var asking = Stopwatch.StartNew(); ;)
        {
            try
            {
                return await region.Ask<string>(id, TimeSpan.FromSeconds(1));
            }
            catch (AskTimeoutException) when (asking.Elapsed < _patience)
            {
                // Its shard is on its way to another node; ask again.
            }
        }
    }
}
