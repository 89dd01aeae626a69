using ActorBroker.Protocol;
using ActorBroker.Simulation.Clients;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Brokers;

/// <summary>Who led which partition in which epoch: one broker only.</summary>
internal sealed class LeaderLog
{
    /// <summary>Number of the replicas' log entry.</summary>
    public const int LeadsEvent = 1;

    private readonly Dictionary<(TopicPartition Partition, Epoch Epoch), string> _leaders = [];

    /// <summary>Null, or which epoch had two.</summary>
    public string? Violation { get; private set; }

    /// <summary>How many terms there were.</summary>
    public int Count => _leaders.Count;

    public void Leads(SimulatedNode node, IReadOnlyList<KeyValuePair<string, object?>> entry)
    {
        TopicPartition? partition = null;
        Epoch? epoch = null;
        foreach (var (_, value) in entry)
        {
            if (value is TopicPartition p) partition = p;
            else if (value is Epoch e) epoch = e;
        }
        if (partition!.Value.Topic == Administrator.Reused) return; // Another topic each time, with epochs of its own.
        var term = (partition.Value, epoch!.Value);
        if (!_leaders.TryAdd(term, node.Name) && _leaders[term] != node.Name)
            Violation ??= $"{term} is led by {_leaders[term]} and by {node.Name}";
    }
}
