using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Producers;

/// <summary>
/// The <c>.snapshot</c> files of a partition. Each carries a CRC, so they need no flush: a damaged one is passed over.
/// </summary>
internal sealed class ProducerSnapshots
{
    private readonly ILogFileSystem _files;
    private readonly string _directory;
    private readonly SortedSet<long> _offsets;

    public ProducerSnapshots(ILogFileSystem files, string directory, IEnumerable<Offset> found)
    {
        _files = files;
        _directory = directory;
        _offsets = [.. found.Select(offset => offset.Value)];
    }

    public Offset Latest => _offsets.Count > 0 ? new(_offsets.Max) : Offset.None;

    public void Write(Offset offset, IReadOnlyList<ProducerSnapshotEntry> producers)
    {
        WholeFile.Write(_files, PathOf(offset.Value), ProducerSnapshot.Write(producers), durable: false);
        _offsets.Add(offset.Value);
    }

    /// <summary>Loads the newest readable snapshot at or below the offset; damaged ones are removed.</summary>
    /// <returns>From where on the log's batches must be learnt.</returns>
    public Offset LoadNewest(Offset atOrBelow, ProducerStates into, long nowMs)
    {
        foreach (var offset in _offsets.Reverse().ToArray())
        {
            if (offset > atOrBelow.Value) continue;
            var path = PathOf(offset);
            if (_files.FileExists(path) && ProducerSnapshot.TryRead(WholeFile.Read(_files, path), out var entries))
            {
                into.Load(entries, nowMs);
                return new(offset);
            }
            Delete(offset);
        }
        into.Clear();
        return Offset.Zero;
    }

    public void DeleteAbove(Offset offset) => DeleteWhere(each => each > offset.Value);

    public void DeleteBelow(Offset offset) => DeleteWhere(each => each < offset.Value);

    /// <summary>Keeps one at the start of each segment, and the newest.</summary>
    public void DeleteStrays(IReadOnlyCollection<LogSegment> segments)
    {
        var bases = segments.Select(segment => segment.BaseOffset.Value).ToHashSet();
        DeleteWhere(each => !bases.Contains(each) && each != _offsets.Max);
    }

    private void DeleteWhere(Predicate<long> condition)
    {
        foreach (var offset in _offsets.Where(each => condition(each)).ToArray()) Delete(offset);
    }

    private void Delete(long offset)
    {
        _files.DeleteFile(PathOf(offset));
        _offsets.Remove(offset);
    }

    private string PathOf(long offset) => Path.Combine(_directory, SegmentName.Of(new(offset), SegmentName.ProducerSnapshot));
}
