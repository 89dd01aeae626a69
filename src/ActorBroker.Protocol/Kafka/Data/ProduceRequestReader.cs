namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Walks a Produce request where it lies in the frame, without an allocation:
/// <code>
/// var produce = new ProduceRequestReader(wire, version);
/// while (produce.NextTopic())
///     while (produce.NextPartition()) ... produce.Records ...
/// </code>
/// </summary>
/// <remarks>
/// Bytes are looked at as the walk reaches them. Who must not act on the first half of a malformed request calls
/// <see cref="CountPartitions"/> before it acts; that walks a copy to the end.
/// </remarks>
public ref struct ProduceRequestReader
{
    private readonly short _version;
    private readonly bool _flexible;
    private WireReader _wire;
    private int _topicsLeft;
    private int _partitionsLeft;
    private bool _inTopic;
    private bool _ended;

    /// <param name="wire">Stands at the request's body.</param>
    /// <exception cref="WireException">The bytes are not a Produce request of this version; so from each method.</exception>
    public ProduceRequestReader(WireReader wire, short version)
    {
        _wire = wire;
        _version = version;
        _flexible = version >= 9;
        TransactionalId = _wire.NullableString(_flexible);
        Acks = _wire.Int16();
        TimeoutMs = _wire.Int32();
        _topicsLeft = TopicCount = _wire.ArrayLength(_flexible);
    }

    public string? TransactionalId { get; }

    public short Acks { get; }

    public int TimeoutMs { get; }

    public int TopicCount { get; }

    /// <summary>The topic's name up to v12; empty from v13 on.</summary>
    public ReadOnlySpan<byte> TopicNameUtf8 { get; private set; }

    /// <summary>Where in the frame <see cref="TopicNameUtf8"/> lies.</summary>
    public ByteRange TopicName { get; private set; }

    /// <summary>The topic's id from v13 on.</summary>
    public TopicId TopicId { get; private set; }

    /// <summary>Partitions of the topic.</summary>
    public int PartitionCount { get; private set; }

    public int PartitionIndex { get; private set; }

    /// <summary>Where in the frame the partition's record batches lie. Null: the client sent none.</summary>
    public ByteRange? Records { get; private set; }

    /// <summary>Partitions of all topics that are still to come. Walks to the end, on a copy.</summary>
    public readonly int CountPartitions()
    {
        var walk = this;
        var count = 0;
        do
        {
            while (walk.NextPartition()) count++;
        }
        while (walk.NextTopic());
        return count;
    }

    /// <summary>Goes to the next topic, over what is left of this one.</summary>
    public bool NextTopic()
    {
        while (NextPartition())
        {
        }

        EndTopic();
        if (_topicsLeft == 0)
        {
            if (_flexible && !_ended) _wire.SkipTags();
            _ended = true;
            return false;
        }

        _topicsLeft--;
        _inTopic = true;
        if (_version <= 12)
        {
            TopicNameUtf8 = _wire.Utf8String(_flexible);
            TopicName = new ByteRange(_wire.Position - TopicNameUtf8.Length, TopicNameUtf8.Length);
        }
        else
        {
            TopicId = _wire.TopicId();
        }

        _partitionsLeft = PartitionCount = _wire.ArrayLength(_flexible);
        return true;
    }

    /// <summary>Goes to the topic's next partition.</summary>
    public bool NextPartition()
    {
        if (_partitionsLeft == 0) return false;
        _partitionsLeft--;
        PartitionIndex = _wire.Int32();
        Records = _wire.Range(_flexible);
        if (_flexible) _wire.SkipTags();
        return true;
    }

    private void EndTopic()
    {
        if (_inTopic && _flexible) _wire.SkipTags();
        _inTopic = false;
    }
}
