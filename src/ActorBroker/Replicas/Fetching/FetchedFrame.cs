using System.Buffers;

namespace ActorBroker.Replicas.Fetching;

/// <summary>The bytes of one response, kept until all replicas have copied their part. Belongs to its fetcher.</summary>
internal sealed class FetchedFrame(byte[] pooled, int length)
{
    private byte[]? _pooled = pooled;
    private bool _isShared;

    public ReadOnlyMemory<byte> Bytes => _pooled.AsMemory(0, LengthBytes);

    public int LengthBytes { get; } = length;

    /// <summary>Replicas that are at it.</summary>
    public int Users { get; private set; }

    public void Use() => Users++;

    /// <summary>A replica is done with its part.</summary>
    public void Release()
    {
        Users--;
        ReturnIfUnused();
    }

    /// <summary>Nobody waits for a replica any more, which may still read its part: the bytes are not used again.</summary>
    public void Abandon()
    {
        _isShared = true;
        Users--;
    }

    /// <summary>After the last <see cref="Use"/>.</summary>
    public void ReturnIfUnused()
    {
        if (Users > 0 || _isShared || _pooled is not { } bytes) return;
        _pooled = null;
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
