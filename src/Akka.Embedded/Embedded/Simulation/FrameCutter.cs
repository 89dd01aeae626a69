using System.Buffers.Binary;

namespace Akka.Embedded.Simulation;

/// <summary>Cuts a stream of bytes into frames: a length of 4 bytes, little-endian, and so many bytes.</summary>
internal sealed class FrameCutter
{
    private const int LengthBytes = 4;
    private const int MaxBytes = 1 << 30;

    private readonly byte[] _length = new byte[LengthBytes];
    private int _lengthRead;
    private byte[]? _frame;
    private int _frameRead;

    /// <exception cref="InvalidDataException">The length is none.</exception>
    public void Add(ReadOnlySpan<byte> bytes, List<byte[]> frames)
    {
        while (bytes.Length > 0 || (_frame is not null && _frameRead == _frame.Length))
        {
            if (_frame is null)
            {
                bytes = Fill(_length, ref _lengthRead, bytes);
                if (_lengthRead < LengthBytes) return;
                var length = BinaryPrimitives.ReadInt32LittleEndian(_length);
                if (length is < 0 or > MaxBytes) throw new InvalidDataException($"A frame can't have {length} bytes.");
                _frame = new byte[length];
                _frameRead = 0;
                _lengthRead = 0;
            }
            bytes = Fill(_frame, ref _frameRead, bytes);
            if (_frameRead < _frame.Length) return;
            frames.Add(_frame);
            _frame = null;
        }
    }

    private static ReadOnlySpan<byte> Fill(byte[] target, ref int filled, ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(target.Length - filled, bytes.Length);
        bytes[..count].CopyTo(target.AsSpan(filled));
        filled += count;
        return bytes[count..];
    }
}
