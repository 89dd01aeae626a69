using ActorBroker.Benchmarks.Bare;
using ActorBroker.Benchmarks.Cluster;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Benchmarks.Local;
using ActorBroker.Benchmarks.Remote;
using ActorBroker.Benchmarks.Sockets;

// dotnet run -c Release --project tests/ActorBroker.Benchmarks [-- [--rounds N] startup tell journal produce fetch latency
//     remote-tell remote-ask remote-memory replication]
// dotnet run -c Release --project tests/ActorBroker.Benchmarks -- failover [--kills N]
if (args is ["bare", var mode, var folder])
{
    BareServer.Run(mode, folder);
    return 0;
}

if (args is ["remote-peer", var speed])
{
    RemotePeer.Run(speed);
    return 0;
}

if (args is ["failover", .. var options])
{
    await Failover.RunAsync(Console.Out, options is ["--kills", var kills] ? int.Parse(kills) : 20);
    return 0;
}

var rounds = args is ["--rounds", var count, ..] ? int.Parse(count) : 5;
var pairs = new Pairs(Console.Out, rounds);
var benchmarks = new (string Name, Func<Task> Run)[]
{
    ("startup", () => Startup.RunAsync(Console.Out)),
    ("tell", () => TellAgainstChannel.RunAsync(pairs)),
    ("journal", () => JournalAppendAgainstWrite.RunAsync(pairs)),
    ("produce", () => ProduceAgainstSocketToFile.RunAsync(pairs)),
    ("fetch", () => FetchAgainstSendfile.RunAsync(pairs)),
    ("latency", () => Latency.RunAsync(Console.Out)),
    ("remote-tell", () => RemoteTell.RunAsync(pairs, Console.Out)),
    ("remote-ask", () => RemoteAsk.RunAsync(pairs, Console.Out)),
    ("remote-memory", () => RemoteMemory.RunAsync(Console.Out)),
    ("replication", () => Replication.RunAsync(pairs, Console.Out, rounds)),
};

string[] wanted = [.. args.SkipWhile((word, n) => word == "--rounds" || (n > 0 && args[n - 1] == "--rounds"))];
var unknown = wanted.Except(benchmarks.Select(benchmark => benchmark.Name)).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine(
        $"unknown: {string.Join(' ', unknown)}; there are: {string.Join(' ', benchmarks.Select(benchmark => benchmark.Name))}");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} processors, {rounds} rounds of each pair in turn; median (lowest .. highest)");
foreach (var (name, run) in benchmarks)
    if (wanted.Length == 0 || wanted.Contains(name)) await run();
return 0;
