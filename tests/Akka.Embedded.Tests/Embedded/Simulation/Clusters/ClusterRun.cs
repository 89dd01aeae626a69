using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Embedded.Simulation;

namespace Akka.Embedded.Tests.Embedded.Simulation.Clusters;

/// <summary>
/// A cluster of five nodes with keep-majority, a singleton and shards, under the faults of one seed; then all is healed and an
/// operator starts again what has stopped, and the cluster has to be whole.
/// </summary>
/// <remarks>
/// What must hold all the time: the singleton, and each entity, is at work on one node at most. There is one exception, as with
/// Akka: a process that was frozen goes on with what it ran until it has noticed that it was downed; but even then two nodes that
/// count each other as reachable members don't both run it. What must hold at the end: <see cref="Verdict"/>.
/// </remarks>
public sealed class ClusterRun : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Oblivion = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OperatorPause = TimeSpan.FromSeconds(10);

    private static readonly Config Common = ConfigurationFactory.ParseString("""
        akka {
          actor.provider = cluster
          remote.log-remote-lifecycle-events = off
          cluster {
            split-brain-resolver { active-strategy = keep-majority, stable-after = 7s }
            shutdown-after-unsuccessful-join-seed-nodes = off
          }
        }
        """);

    private readonly List<string> _said = [];
    private int _looks;
    private readonly Dictionary<string, TimeSpan> _downSince = [];
    private readonly Dictionary<ClusterNode, TimeSpan> _frozen = []; // Until when.

    /// <param name="seed">Decides the order of all, and the faults.</param>
    /// <param name="trace">Gets the run in words.</param>
    /// <param name="plan">Faults other than the seed's.</param>
    public ClusterRun(int seed, Action<string>? trace = null, IReadOnlyList<Fault>? plan = null)
    {
        Seed = seed;
        World = new SimulatedWorld(seed, trace);
        Plan = plan ?? FaultPlan.Of(World.Random, Hosts);
    }

    public static IReadOnlyList<string> Hosts { get; } = ["n1", "n2", "n3", "n4", "n5"];

    public int Seed { get; }
    public SimulatedWorld World { get; }
    public IReadOnlyList<Fault> Plan { get; }
    public List<ClusterNode> Nodes { get; } = [];

    /// <summary>What went wrong; empty: nothing.</summary>
    public IReadOnlyList<string> Wrong => _said;

    public void Dispose() => World.Dispose();

    /// <returns>Null, or what went wrong.</returns>
    public string? Execute()
    {
        foreach (var host in Hosts) Start(host, Hosts);
        if (!RunUntil(Whole, SettleLimit)) return Failed(_said.FirstOrDefault() ?? $"no cluster came to be: {Verdict()}");
        var begin = World.Now;
        foreach (var fault in Plan)
        {
            Run(begin + TimeSpan.FromSeconds(fault.AtSeconds) - World.Now);
            Inflict(fault);
            if (_said.Count > 0) return Failed(_said[0]);
        }
        Run(begin + TimeSpan.FromSeconds(FaultPlan.LastFaultSeconds) - World.Now);
        Heal();
        foreach (var node in Nodes.ToArray()) World.Resume(node.Node);
        var whole = RunUntil(Whole, SettleLimit);
        return _said.Count > 0 ? Failed(_said[0])
            : whole ? null
            : Failed($"not whole {SettleLimit} after all was healed: {Verdict()}");
    }

    private string Failed(string why) => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed} at {World.Now.TotalSeconds:F1}s: {why}\n  {string.Join("\n  ", Plan)}");

    private void Start(string host, IEnumerable<string> seeds)
    {
        var list = string.Join(',', seeds.Select(seed => $"\"akka.tcp://sim@{seed}:2552\""));
        var node = World.StartNode(host, ConfigurationFactory.ParseString($"akka.cluster.seed-nodes = [{list}]").WithFallback(Common));
        Nodes.Add(new ClusterNode(node));
    }

    private bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        for (var end = World.Now + limit; !condition();)
        {
            if (World.Now >= end) return false;
            Run(Look);
            if (_said.Count > 0) return false;
        }
        return true;
    }

    private void Run(TimeSpan time)
    {
        for (var end = World.Now + time; World.Now < end;)
        {
            World.RunFor(Look < end - World.Now ? Look : end - World.Now);
            Nodes.RemoveAll(n => n.Node.State == NodeState.Ended);
            foreach (var node in Nodes)
                if (node.Node.State == NodeState.Paused) _frozen[node] = World.Now;
            CheckSafety();
            if (++_looks % 2 != 0) continue; // Once a second.
            Operate();
            Traffic();
        }
    }

    // Starts again what has stopped. What an operator must not start is a node that forms a cluster of its own while another
    // lives: it asks the others, and only if nobody is a member any more, one is told to begin.
    private void Operate()
    {
        if (Nodes.Count > 0 && !Nodes.Exists(n => n.IsMember) && Nodes[0].IsAtWork && World.Now - Nodes[0].StartedAt > OperatorPause)
            World.Do(() => Nodes[0].Cluster.Join(Nodes[0].Cluster.SelfAddress));
        foreach (var host in Hosts)
        {
            if (Nodes.Exists(n => n.Name == host))
            {
                _downSince.Remove(host);
                continue;
            }
            if (_downSince.TryAdd(host, World.Now) || World.Now - _downSince[host] < OperatorPause) continue;
            Start(host, Hosts.Where(h => h != host));
        }
    }

    private void Traffic()
    {
        foreach (var node in Nodes)
            if (node.Node.State == NodeState.Running) World.Do(node.Talk);
    }

    private void Inflict(Fault fault)
    {
        World.Trace?.Invoke($"### {fault}");
        var network = World.Network;
        switch (fault.Kind)
        {
            case FaultKind.Split:
                network.Split(fault.Hosts, fault.Others);
                break;
            case FaultKind.CutOneWay:
                foreach (var from in fault.Hosts)
                    foreach (var to in fault.Others) network.CutOneWay(from, to);
                break;
            case FaultKind.Heal:
                Heal();
                break;
            case FaultKind.Reset:
                network.Reset(fault.Hosts[0], fault.Others[0]);
                break;
            case FaultKind.Slow:
                foreach (var other in fault.Others) Slow(fault.Hosts[0], other, fault.Seconds);
                break;
            default:
                if (Nodes.Find(n => n.Name == fault.Hosts[0])?.Node is { } node) Inflict(fault, node);
                break;
        }
    }

    private void Inflict(Fault fault, SimulatedNode node)
    {
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                World.Crash(node);
                break;
            case FaultKind.Pause:
                World.Pause(node);
                World.Schedule(TimeSpan.FromSeconds(fault.Seconds), () => World.Resume(node));
                break;
            case FaultKind.Leave when node.State == NodeState.Running:
                World.Stop(node);
                break;
        }
    }

    private void Slow(string host, string other, double seconds)
    {
        var slow = new LinkSettings { MinDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(2) };
        World.Network.Configure(host, other, slow);
        World.Network.Configure(other, host, slow);
        World.Schedule(TimeSpan.FromSeconds(seconds), () =>
        {
            World.Network.Configure(host, other, null);
            World.Network.Configure(other, host, null);
        });
    }

    private void Heal() => World.Network.HealAll();

    private void CheckSafety()
    {
        foreach (var a in Nodes)
            foreach (var b in Nodes)
                if (string.CompareOrdinal(a.Name, b.Name) < 0 && a.IsAtWork && b.IsAtWork && (KnowsItself(a, b) || See(a, b)))
                    foreach (var what in a.Alive)
                        if (b.Alive.Contains(what)) _said.Add($"{what} runs on {a.Name} and on {b.Name}");
    }

    private static bool See(ClusterNode a, ClusterNode b) => a.Sees(b) && b.Sees(a);

    // A process that was frozen does not know yet what the others decided meanwhile.
    private bool KnowsItself(ClusterNode a, ClusterNode b) =>
        World.Now - _frozen.GetValueOrDefault(a, -Oblivion) >= Oblivion && World.Now - _frozen.GetValueOrDefault(b, -Oblivion) >= Oblivion;

    private bool Whole() => Verdict() is null;

    /// <summary>Null if there is one cluster of all hosts with one leader, one singleton and each entity once; or what is not so.
    /// </summary>
    private string? Verdict()
    {
        if (Nodes.Count < Hosts.Count) return $"only {string.Join(',', Nodes.Select(n => n.Name))} run";
        if (Nodes.Find(n => n.Node.State != NodeState.Running) is { } paused) return $"{paused.Name} is paused";
        var all = Nodes.Select(n => n.Cluster.SelfUniqueAddress).Order().ToArray();
        foreach (var node in Nodes)
        {
            var state = node.Cluster.State;
            if (!state.Members.Select(m => m.UniqueAddress).Order().SequenceEqual(all) || state.Members.Any(m => m.Status != MemberStatus.Up))
                return $"{node.Name} sees {string.Join(' ', state.Members.Select(m => $"{m.UniqueAddress}:{m.Status}"))}";
            if (state.Unreachable.Count > 0) return $"{node.Name} does not reach {string.Join(' ', state.Unreachable)}";
            if (state.Leader is null || !state.Leader.Equals(Nodes[0].Cluster.State.Leader)) return $"{node.Name} follows {state.Leader}";
        }
        return WhereItIsNotOne(ClusterNode.Singleton) ?? ClusterNode.Entities.Select(WhereItIsNotOne).FirstOrDefault(w => w is not null);
    }

    private string? WhereItIsNotOne(string what)
    {
        var hosts = Nodes.Where(n => n.Alive.Contains(what)).Select(n => n.Name).ToArray();
        if (hosts.Length != 1) return $"{what} runs on [{string.Join(',', hosts)}]";
        return Nodes.Find(n => n.Answers.GetValueOrDefault(what) != hosts[0]) is { } lost
            ? $"{lost.Name} finds {what} at {lost.Answers.GetValueOrDefault(what, "no place")}, but it is at {hosts[0]}"
            : null;
    }
}
