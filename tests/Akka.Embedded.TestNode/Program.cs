using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Embedded.TestNode;

// Akka.Embedded.TestNode HOCON
// Joins a cluster with a singleton and sharded entities. Says what happens as lines "@ <milliseconds> <what>", takes orders from
// standard input: "leave"; "ask N" for an answer of each of the entities 0 to N-1; "flood PORT" to tell the node there more than
// the network takes, for three seconds.
using var system = ActorSystem.Create("nodes", ConfigurationFactory.ParseString(args[0]));
var cluster = Akka.Cluster.Cluster.Get(system);
Say.Line($"listens at {cluster.SelfAddress.Port}");
system.ActorOf(View.Props(), "view");
var singleton = ClusterSingletonManagerSettings.Create(system);
system.ActorOf(ClusterSingletonManager.Props(Singleton.Props(), PoisonPill.Instance, singleton), "only");
var region = ClusterSharding.Get(system).Start("things", Entity.Props(), ClusterShardingSettings.Create(system), new ByText(20));
system.ActorOf(Flood.Sink(), "sink");
var orders = new Thread(() =>
{
    while (Console.ReadLine() is { } order)
    {
        if (order == "leave") cluster.Leave(cluster.SelfAddress);
        else if (order.StartsWith("flood ", StringComparison.Ordinal))
            Flood.Tell(system, cluster.SelfAddress.WithPort(int.Parse(order[6..])));
        else if (order.StartsWith("ask ", StringComparison.Ordinal)) Questions.Ask(region, int.Parse(order[4..]));
    }
    Environment.Exit(3); // Whoever has started it is gone.
})
{ IsBackground = true };
orders.Start();
await system.WhenTerminated;
Say.Line("terminated");
