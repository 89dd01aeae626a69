namespace Akka.Remote.Outbound;

/// <summary>What one flush sends. Used by one writer, again and again.</summary>
internal sealed class Batch
{
    /// <summary>Bytes after which a flush takes no more, so that what is urgent need not wait long.</summary>
    private const int EnoughBytes = 256 * 1024;
    private const int EnoughPieces = 256; // The system call takes 1024.

    private readonly List<ArraySegment<byte>> _segments = new(EnoughPieces + 1);
    private readonly List<Piece> _pieces = [];
    private int _bytes;

    public IList<ArraySegment<byte>> Segments => _segments;
    public bool IsEmpty => _segments.Count == 0;
    public bool IsFull => _bytes >= EnoughBytes || _segments.Count >= EnoughPieces;

    public void Add(byte[] frame)
    {
        _segments.Add(frame);
        _bytes += frame.Length;
    }

    public void Add(Piece piece)
    {
        if (piece.Count > 0) _segments.Add(new ArraySegment<byte>(piece.Array, piece.Offset, piece.Count));
        if (piece.GiveBack) _pieces.Add(piece);
        _bytes += piece.Count;
    }

    /// <summary>Nobody reads the bytes any more.</summary>
    public void Release()
    {
        foreach (var piece in _pieces) piece.Release();
        _pieces.Clear();
        _segments.Clear();
        _bytes = 0;
    }
}
