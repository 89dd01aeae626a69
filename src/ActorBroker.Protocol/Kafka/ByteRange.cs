namespace ActorBroker.Protocol.Kafka;

/// <summary>A stretch of a frame that is used where it lies instead of being copied out.</summary>
/// <param name="Start">Index of its first byte in the span that the <see cref="WireReader"/> was given.</param>
public readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> frame) => frame.Slice(Start, Length);
}
