using Akka.Actor;
using Akka.Embedded.Transports;

namespace Akka.Embedded.Simulation;

/// <summary>The network between the hosts of a <see cref="SimulatedWorld"/>: TCP over links that are slow, cut or bad.</summary>
/// <remarks>Hosts go by the names of their nodes and outlive them. While a link is cut, what was sent over it waits at the
/// sender, as TCP's would, and arrives a while after it has healed; only as much as <see cref="WindowBytes"/> is taken
/// meanwhile.</remarks>
public sealed class SimulatedNetwork
{
    private readonly SimulatedWorld _world;
    private readonly Dictionary<(string From, string To), Link> _links = [];
    private readonly Dictionary<(string Host, int Port), SimulatedPort> _listeners = [];
    private readonly List<SimulatedConnection> _connections = [];

    internal SimulatedNetwork(SimulatedWorld world, Random random)
    {
        _world = world;
        Random = random;
    }

    /// <summary>For links that have no settings of their own.</summary>
    public LinkSettings Default { get; set; } = new();

    /// <summary>Bytes of one direction of a connection that may be under way; more has to wait for the reader.</summary>
    public int WindowBytes { get; set; } = 256 * 1024;

    internal Random Random { get; }

    /// <summary>Sets how frames from one host to another fare; null: as <see cref="Default"/> says.</summary>
    public void Configure(string from, string to, LinkSettings? settings) => LinkOf(from, to).Settings = settings;

    /// <summary>Lets nothing pass between two hosts, and tells nobody.</summary>
    public void Cut(string a, string b)
    {
        CutOneWay(a, b);
        CutOneWay(b, a);
    }

    /// <summary>Lets nothing pass from one host to another; the way back stays open.</summary>
    public void CutOneWay(string from, string to)
    {
        _world.Say(null, $"network: {from} -> {to} is cut");
        LinkOf(from, to).IsCut = true;
    }

    /// <summary>Cuts every link between the hosts of one side and those of the other.</summary>
    public void Split(IEnumerable<string> side, IEnumerable<string> other)
    {
        var others = other.ToArray();
        foreach (var a in side)
            foreach (var b in others) Cut(a, b);
    }

    /// <summary>Ends both cuts between two hosts.</summary>
    public void Heal(string a, string b)
    {
        HealOneWay(a, b);
        HealOneWay(b, a);
    }

    /// <summary>Ends the cut from one host to another.</summary>
    public void HealOneWay(string from, string to)
    {
        var link = LinkOf(from, to);
        if (!link.IsCut) return;
        _world.Say(null, $"network: {from} -> {to} is healed");
        link.IsCut = false;
        foreach (var connection in _connections.ToArray())
            if (connection.Node.Name == from && connection.PeerHost == to) connection.Retransmit();
            else if (connection.Node.Name == to && connection.PeerHost == from) connection.TakeLateAcknowledgements();
    }

    /// <summary>Ends all cuts.</summary>
    public void HealAll()
    {
        foreach (var (from, to) in _links.Where(l => l.Value.IsCut).Select(l => l.Key).Order().ToArray()) HealOneWay(from, to);
    }

    /// <summary>Ends all connections between two hosts with an error at both ends, as a firewall that restarts does.</summary>
    public void Reset(string a, string b)
    {
        _world.Say(null, $"network: connections of {a} and {b} are reset");
        foreach (var connection in _connections.ToArray())
            if (connection.Joins(a, b)) connection.Break("reset by the network");
    }

    internal ITransport TransportOf(SimulatedNode node, ExtendedActorSystem system) => new SimulatedTransport(this, node, system);

    internal Link LinkOf(string from, string to)
    {
        if (!_links.TryGetValue((from, to), out var link)) _links.Add((from, to), link = new Link());
        return link;
    }

    internal LinkSettings SettingsOf(Link link) => link.Settings ?? Default;

    internal long DelayOf(Link link)
    {
        var settings = SettingsOf(link);
        return settings.MinDelay.Ticks + Random.NextInt64(Math.Max(1, settings.MaxDelay.Ticks - settings.MinDelay.Ticks));
    }

    internal SimulatedPort? ListenerAt(string host, int port) => _listeners.GetValueOrDefault((host, port));

    /// <exception cref="IOException">The port is taken.</exception>
    internal void Listen(SimulatedPort listener, int port)
    {
        if (!_listeners.TryAdd((listener.Node.Name, port), listener))
            throw new IOException($"{listener.Node.Name}:{port} is in use.");
    }

    internal void StopListening(SimulatedPort listener)
    {
        foreach (var (at, _) in _listeners.Where(l => l.Value == listener).ToArray()) _listeners.Remove(at);
    }

    internal void Add(SimulatedConnection connection) => _connections.Add(connection);
    internal void Remove(SimulatedConnection connection) => _connections.Remove(connection);

    internal IReadOnlyList<SimulatedConnection> ConnectionsOf(SimulatedNode node) => [.. _connections.Where(c => c.Node == node)];

    /// <summary>The host closes what its process had open.</summary>
    internal void ProcessEnded(SimulatedNode node)
    {
        foreach (var (at, _) in _listeners.Where(l => l.Value.Node == node).ToArray()) _listeners.Remove(at);
        foreach (var connection in ConnectionsOf(node)) connection.Close();
    }

    /// <summary>What goes from one host to another.</summary>
    internal sealed class Link
    {
        public LinkSettings? Settings { get; set; }
        public bool IsCut { get; set; }
    }
}
