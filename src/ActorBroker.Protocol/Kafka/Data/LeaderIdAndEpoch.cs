namespace ActorBroker.Protocol.Kafka;

/// <summary>Where a client that asked the wrong broker should go, in a tagged field of Produce and Fetch (KIP-951).</summary>
public readonly record struct LeaderIdAndEpoch(BrokerId LeaderId, Epoch LeaderEpoch) : IWireValue<LeaderIdAndEpoch>
{
    public static LeaderIdAndEpoch Read(ref WireReader wire, short version)
    {
        var leader = new LeaderIdAndEpoch(wire.BrokerId(), wire.Epoch());
        wire.SkipTags();
        return leader;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.BrokerId(LeaderId);
        wire.Epoch(LeaderEpoch);
        wire.NoTags();
    }
}
