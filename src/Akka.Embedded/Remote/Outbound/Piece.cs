using System.Buffers;
using System.Buffers.Binary;
using Akka.Remote.Wire;

namespace Akka.Remote.Outbound;

/// <summary>Some bytes of an array that are to be sent.</summary>
/// <param name="GiveBack">The array belongs to the pool, and these are its last bytes.</param>
/// <param name="IsCut">They end within a frame, whose end is the next piece.</param>
internal readonly record struct Piece(byte[] Array, int Offset, int Count, bool GiveBack, bool IsCut = false)
{
    public void Release()
    {
        if (GiveBack) ArrayPool<byte>.Shared.Return(Array);
    }

    /// <summary>Cuts consecutive pieces into frames, as copies without their lengths, and releases the pieces.</summary>
    public static void SplitFrames(IEnumerable<Piece> pieces, List<byte[]> frames)
    {
        // Lengths and headers are never split; a frame is within one piece, or has all of the next as its end.
        byte[]? open = null;
        var filled = 0;
        foreach (var piece in pieces)
        {
            var rest = piece.Array.AsSpan(piece.Offset, piece.Count);
            if (open is not null)
            {
                rest.CopyTo(open.AsSpan(filled));
                frames.Add(open);
                open = null;
                continue;
            }
            while (rest.Length > 0)
            {
                var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(rest)];
                rest = rest[EnvelopeWriter.LengthBytes..];
                filled = Math.Min(frame.Length, rest.Length);
                rest[..filled].CopyTo(frame);
                rest = rest[filled..];
                if (filled == frame.Length) frames.Add(frame);
                else open = frame;
            }
            piece.Release();
        }
    }
}
