namespace ActorBroker.Server.Commands.Dumping;

/// <param name="Records">Show each record, not only batches.</param>
/// <param name="Data">Show keys and values.</param>
/// <param name="DecodeOffsets">They are those of <c>__consumer_offsets</c>.</param>
internal sealed record DumpOptions(bool Records, bool Data, bool DecodeOffsets);
