namespace ActorBroker.Protocol.Records;

/// <summary>Bytes or null, as keys and values of records are. A span is never null here, an array may be.</summary>
public readonly ref struct OptionalBytes
{
    private OptionalBytes(ReadOnlySpan<byte> bytes)
    {
        Span = bytes;
        HasValue = true;
    }

    public static OptionalBytes Null => default;

    public bool HasValue { get; }

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Span { get; }

    public static implicit operator OptionalBytes(byte[]? bytes) => FromArray(bytes);

    public static implicit operator OptionalBytes(ReadOnlySpan<byte> bytes) => FromSpan(bytes);

    public static OptionalBytes FromArray(byte[]? bytes) => bytes is null ? default : new(bytes);

    public static OptionalBytes FromSpan(ReadOnlySpan<byte> bytes) => new(bytes);
}
