using ActorBroker.Protocol;

namespace ActorBroker.Core.Quorum;

/// <summary>A piece of a <see cref="QuorumSnapshot"/>: a message must not be as large as all that the controller knows.</summary>
/// <param name="Length">Of the whole state, in bytes.</param>
/// <param name="Position">Of this piece in the state.</param>
public sealed record SnapshotPart(
    Offset End, Epoch LastEpoch, VoterSet Voters, int Length, int Position, ReadOnlyMemory<byte> Bytes)
{
    public bool IsLast => Position + Bytes.Length == Length;

    /// <param name="position">Where to start; beyond the end is the start.</param>
    public static SnapshotPart Of(QuorumSnapshot snapshot, int position, int maxBytes)
    {
        var length = snapshot.State.Length;
        var from = position >= 0 && position < length ? position : 0;
        return new SnapshotPart(
            snapshot.End, snapshot.LastEpoch, snapshot.Voters, length, from,
            snapshot.State.Slice(from, Math.Min(maxBytes, length - from)));
    }
}

/// <summary>Puts the parts of one snapshot together, in their order.</summary>
internal sealed class SnapshotParts
{
    private byte[] _state = [];
    private SnapshotPart? _first;

    /// <summary>Where the next part has to start.</summary>
    public int Received { get; private set; }

    /// <summary>Of which snapshot.</summary>
    public Offset End => _first?.End ?? Offset.None;

    public void Clear() => (_state, _first, Received) = ([], null, 0);

    /// <summary>Takes the part if it is what comes next; the first part of any snapshot drops what was there.</summary>
    /// <returns>The snapshot, when this was the last part.</returns>
    public QuorumSnapshot? Take(SnapshotPart part)
    {
        if (part.Position == 0) (_state, _first, Received) = (new byte[part.Length], part, 0);
        if (_first is null || part.Position != Received || part.End != _first.End || part.Length != _state.Length) return null;
        part.Bytes.Span.CopyTo(_state.AsSpan(Received));
        Received += part.Bytes.Length;
        if (Received < part.Length) return null;
        var whole = new QuorumSnapshot(_first.End, _first.LastEpoch, _first.Voters, _state);
        Clear();
        return whole;
    }
}
