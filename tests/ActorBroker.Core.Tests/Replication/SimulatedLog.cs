using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Replication;

/// <summary>A log as the simplest thing that it could be: a list of records and the epoch of each.</summary>
internal sealed class SimulatedLog
{
    private int _flushed;

    public List<(Epoch Epoch, int Record)> Records { get; private set; } = [];

    public Offset End => new(Records.Count);

    public Epoch LastEpoch => Records.Count == 0 ? Epoch.None : Records[^1].Epoch;

    public void Flush() => _flushed = Records.Count;

    public void Truncate(Offset end)
    {
        Records = Records[..(int)end.Value];
        _flushed = Math.Min(_flushed, Records.Count);
    }

    /// <summary>The power goes: what was not flushed is gone, or some of it.</summary>
    public void LosePower(int kept) => Truncate(new Offset(Math.Min(Records.Count, _flushed + kept)));

    /// <summary>The largest epoch up to that one, and where its records end; before the first one, the start, as LeaderEpochs
    /// has it.</summary>
    /// <param name="latest">Of the leader that owns this log; it counts even if it has written nothing yet.</param>
    public (Epoch Epoch, Offset End) EndOf(Epoch epoch, Epoch latest)
    {
        if (epoch >= latest && !latest.IsNone) return (latest, End);
        if (Records.Count == 0 && latest.IsNone) return (Epoch.None, Offset.None);
        var end = Records.FindLastIndex(r => r.Epoch <= epoch) + 1;
        return (end == 0 ? epoch : Records[end - 1].Epoch, new Offset(end));
    }
}
