namespace ActorBroker.Journal.Files;

/// <summary>What the platter holds of one file, and the changes that are still in the cache.</summary>
internal sealed class FaultyInode
{
    private readonly List<Change> _pending = [];
    private byte[] _bytes;
    private int _length;

    public FaultyInode(ReadOnlySpan<byte> durable)
    {
        _bytes = durable.ToArray();
        _length = durable.Length;
    }

    /// <summary>Another one that holds the same.</summary>
    public FaultyInode Copy()
    {
        var copy = new FaultyInode(Durable);
        copy._pending.AddRange(_pending);
        return copy;
    }

    public ReadOnlySpan<byte> Durable => _bytes.AsSpan(0, _length);

    public void Write(ReadOnlySpan<byte> bytes, long position) => _pending.Add(new(position, bytes.ToArray()));

    public void SetLength(long lengthBytes) => _pending.Add(new(lengthBytes, null));

    public void Flush()
    {
        foreach (var change in _pending) Apply(change, change.Bytes?.Length ?? 0);
        _pending.Clear();
    }

    /// <summary>As Linux does when it can't write pages back: it takes them for clean, and no later flush will write them.</summary>
    public void FailFlush() => _pending.Clear();

    /// <summary>
    /// Each unflushed write survives whole, torn, or not at all, in any mixture: the cache is written in no order.
    /// </summary>
    public void CutPower(Random? random)
    {
        foreach (var change in _pending)
        {
            if (random is null) break;
            var fate = random.Next(3);
            if (fate == 0) continue;
            Apply(change, fate == 1 ? change.Bytes?.Length ?? 0 : random.Next((change.Bytes?.Length ?? 0) + 1));
        }
        _pending.Clear();
    }

    private void Apply(Change change, int count)
    {
        var end = (int)change.Position + count;
        if (change.Bytes is null)
        {
            if (end < _length) _bytes.AsSpan(end).Clear();
            Resize(end);
            return;
        }
        if (end > _length) Resize(end);
        change.Bytes.AsSpan(0, count).CopyTo(_bytes.AsSpan((int)change.Position));
    }

    private void Resize(int length)
    {
        if (length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(length, 2 * _bytes.Length));
        _length = length;
    }

    /// <param name="Bytes"><c>null</c>: the file was cut or extended to <paramref name="Position"/>.</param>
    private readonly record struct Change(long Position, byte[]? Bytes);
}
