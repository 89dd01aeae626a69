using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Embedded.Simulation;
using Akka.Embedded.Tests.Embedded.Simulation.Clusters;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Embedded.Simulation;

/// <summary>The same seed gives the same run, here and in another process.</summary>
public sealed class RepeatabilityTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var (first, said) = Sample.Run(7);
        var (second, repeated) = Sample.Run(7);
        Assert.Equal(said, repeated);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_trace_in_words_changes_nothing_and_is_the_same_each_time()
    {
        var (first, second) = (new List<string>(), new List<string>());
        var plain = Sample.Run(7);
        Assert.Equal(plain, Sample.Run(7, first.Add));
        Assert.Equal(plain, Sample.Run(7, second.Add));
        Assert.Equal(first, second);
        Assert.Contains(first, line => line.Contains("/user/"));
    }

    [Fact]
    public void Different_seeds_give_different_orders()
    {
        var orders = Enumerable.Range(0, 20).Select(seed => Sample.Run(seed).Said).Distinct().Count();
        Assert.InRange(orders, 15, 20);
    }

    [Fact]
    public void Worlds_side_by_side_do_not_disturb_each_other()
    {
        var alone = Enumerable.Range(0, 8).Select(seed => Sample.Run(seed)).ToArray();
        var together = new (ulong, string)[8];
        Parallel.For(0, 8, seed => together[seed] = Sample.Run(seed));
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task Another_process_has_the_same_run() =>
        Assert.Equal(Sample.Run(7).ToString(), await Elsewhere("simulate", "7"));

    [Fact]
    public async Task Another_process_has_the_same_history_of_a_cluster()
    {
        Assert.Equal(ClusterRun.Summary(2), await Elsewhere("simulate-cluster", "2"));
        Assert.Equal(ClusterRun.Summary(5), await Elsewhere("simulate-cluster", "5"));
    }

    private static async Task<string> Elsewhere(string what, string seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Sample).Assembly.Location, what, seed])
        {
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet") start.FileName = "dotnet";
        using var other = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var _ = patience.Token.Register(() => other.Kill());
        var said = await other.StandardOutput.ReadToEndAsync();
        await other.WaitForExitAsync();
        return said.Trim();
    }
}

/// <summary>A little of everything: actors that talk over a bad network, timers, asks, failures, persistence.</summary>
internal static class Sample
{
    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        akka.actor.provider = remote
        akka.persistence.journal.plugin = akka.persistence.journal.inmem
        akka.persistence.snapshot-store.plugin = akka.persistence.snapshot-store.inmem
        """);

    public static (ulong Hash, string Said) Run(int seed, Action<string>? trace = null)
    {
        using var world = new SimulatedWorld(seed, trace);
        var said = new List<string>();
        world.Network.Default = new LinkSettings { Drop = 0.02, Duplicate = 0.02, Reorder = 0.02 };
        for (var i = 0; i < 2; i++) Start(world, $"node{i}", $"node{1 - i}", said);
        world.RunFor(TimeSpan.FromMinutes(1));
        world.Crash(world.Nodes[world.Random.Next(2)]);
        world.RunFor(TimeSpan.FromSeconds(10));
        var stopped = world.Stop(world.Nodes[0]);
        if (!world.RunUntil(() => stopped.IsCompleted, TimeSpan.FromMinutes(1))) said.Add("did not stop");
        said.Add(world.Steps.ToString(CultureInfo.InvariantCulture));
        return (world.TraceHash, string.Join(' ', said));
    }

    private static void Start(SimulatedWorld world, string name, string other, List<string> said)
    {
        var system = world.StartNode(name, Settings).System;
        for (var i = 0; i < 4; i++)
        {
            var id = $"{name}/{i}";
            system.ActorOf(Props.Create(() => new Store(id)), $"store{i}");
            var store = system.ActorSelection($"akka.tcp://sim@{other}:2552/user/store{i}");
            system.ActorOf(Props.Create(() => new Writer(id, store, said)));
        }
    }

    private sealed class Writer : ReceiveActor, IWithTimers
    {
        private readonly ActorSelection _store;

        public Writer(string name, ActorSelection store, List<string> said)
        {
            _store = store;
            Receive<string>(_ => store.Ask<long>("one more", TimeSpan.FromSeconds(3)).PipeTo(Self));
            Receive<long>(count => said.Add($"{name}:{count}"));
            Receive<Status.Failure>(failure => said.Add($"{name}:{failure.Cause.GetType().Name}"));
        }

        public ITimerScheduler Timers { get; set; } = null!;
        protected override void PreStart() => Timers.StartPeriodicTimer("go", "go", TimeSpan.FromSeconds(5));
    }

    private sealed class Store : ReceivePersistentActor
    {
        private long _count;

        public Store(string id)
        {
            PersistenceId = id;
            Recover<long>(n => _count += n);
            Command<string>(_ =>
            {
                var asker = Sender;
                Persist(1L, n =>
                {
                    _count += n;
                    asker.Tell(_count);
                    if (_count % 5 == 0) throw new InvalidOperationException("every fifth time");
                });
            });
        }

        public override string PersistenceId { get; }
    }
}
